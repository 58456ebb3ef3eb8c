import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';

import type { BrokerEvent } from '../../broker/events.ts';
import type { Clock } from '../clock.ts';
import { asError, HarnessError } from '../errors.ts';
import type { ModuleEvent } from '../protocol/module-event.ts';
import { lineOf } from './event-line.ts';
import { findShapeError, isTimelineEvent } from './event-shape.ts';
import type { BrokerTimelineEvent, HostHappening, TimelineEvent, TimelineHeader } from './events.ts';
import { scrubHex, scrubIdentity } from './scrub-identity.ts';
import { scrubPassword, scrubTokens, scrubTokensInHex } from './scrub-secrets.ts';
import { stampBrokerEvent } from './stamp-broker-event.ts';

export interface TimelineOptions {
  /** The clock of everything that is appended: of the broker's `at`, of `heardMs`, of the clock happening's offset. */
  readonly clock: Clock;
  /** Key of the hash that stands for subscriber numbers. */
  readonly hashKey: string;
}

type Listener = (event: TimelineEvent) => void;

const REST_MS = 5;
/** So many are written before their time. */
const MOST_GATHERED = 256;

/**
 * The timeline of one attempt, on disk as it grows. Events get their numbers in the order of arrival; listeners read along.
 *
 * They are gathered and written synchronously at the end of the turn of the event loop, but not again within `REST_MS`: a killed
 * process loses no more than that, and a busy broker does not pay a system call for each frame. Lines of the broker's events, which
 * nobody changes any more, are made only then: no answer to the module waits for them.
 */
export class Timeline implements Disposable {
  readonly header: TimelineHeader;
  readonly #fd: number;
  readonly #clock: Clock;
  readonly #hashKey: string;
  /** The clock's reading at `at` 0. */
  readonly #zeroMs: number;
  readonly #listeners = new Set<Listener>();
  readonly #flushOnExit = (): void => this.flush();
  #gathered: (BrokerTimelineEvent | string)[] = [];
  #flushing: ReturnType<typeof setImmediate> | undefined;
  #resting: ReturnType<typeof setTimeout> | undefined;
  #restUntilMs = 0;
  #last = 0;
  /** Host clock minus module clock, ms; unknown until the first measurement. */
  #offsetMs: number | undefined;
  #isOpen = true;
  #failure: Error | undefined;

  /** Starts the file; `at` is counted from this moment. @throws Error — of `open(2)`, e.g. when the file exists, or of the first `write(2)` */
  static open(path: string, header: TimelineHeader, options: TimelineOptions): Timeline {
    const timeline = new Timeline(openSync(path, 'wx'), header, options);
    const { failure } = timeline;
    if (failure === undefined) return timeline;
    timeline.close();
    rmSync(path); // without its header it is of no use
    throw failure;
  }

  private constructor(fd: number, header: TimelineHeader, { clock, hashKey }: TimelineOptions) {
    this.#fd = fd;
    this.header = header;
    this.#clock = clock;
    this.#hashKey = hashKey;
    this.#zeroMs = clock.nowMs();
    process.once('exit', this.#flushOnExit);
    this.#write(`${JSON.stringify(header)}\n`);
  }

  /** An event of the module, heard at `heardMs` of the clock. */
  module(event: ModuleEvent, heardMs: number = this.#clock.nowMs()): TimelineEvent {
    const { e, ...members } = event;
    const at = this.#offsetMs === undefined ? heardMs : event.t + this.#offsetMs;
    const scrubbed = this.#withoutSecrets(event);
    const heard = this.#fromZero(heardMs);
    return this.#append({ n: 0, at: 0, src: 'module', k: e, heard, ...members, ...scrubbed }, at);
  }

  broker(event: BrokerEvent): TimelineEvent {
    const kept = event.k === 'frame' ? scrubPassword(event) : event;
    const stamped = stampBrokerEvent(kept, this.#last + 1, this.#fromZero(kept.at));
    this.#keep(stamped, stamped);
    return stamped;
  }

  /**
   * What the host did, at `atMs` of the clock (left out: at this moment).
   *
   * A `clock` happening's `offsetMs` is host clock minus module clock; it is in force for all that follows.
   */
  host(happening: HostHappening, atMs: number = this.#clock.nowMs()): TimelineEvent {
    const event = this.#append({ n: 0, at: 0, src: 'host', ...this.#asKept(happening) }, atMs);
    if (happening.k === 'wait' || happening.k === 'sync') this.flush();
    return event;
  }

  /** Calls the listener with each event from here on; the answer ends it. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Number of the newest event. */
  get last(): number {
    return this.#last;
  }

  /** Gives everything appended so far to the operating system. */
  flush(): void {
    clearImmediate(this.#flushing);
    clearTimeout(this.#resting);
    this.#flushing = undefined;
    this.#resting = undefined;
    if (this.#gathered.length === 0) return;
    // V8 puts the text together once, when it is written.
    let text = '';
    for (const kept of this.#gathered) text += `${typeof kept === 'string' ? kept : lineOf(kept)}\n`;
    this.#gathered = [];
    this.#write(text);
  }

  /** Why events are missing on the disk, if they are: it was full. What could be written is readable, up to a last line that is cut short. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.flush();
    this.#isOpen = false;
    process.off('exit', this.#flushOnExit);
    this.#listeners.clear();
    closeSync(this.#fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #withoutSecrets(event: ModuleEvent): { readonly line?: string; readonly text?: string } {
    if (event.e === 'at') return { line: scrubIdentity(event.line, this.#hashKey) };
    const { text } = event.e === 'ret' ? event : {};
    return typeof text === 'string' ? { text: scrubTokens(text, this.#hashKey) } : {};
  }

  #asKept(happening: HostHappening): HostHappening {
    switch (happening.k) {
      case 'clock':
        this.#offsetMs = happening.offsetMs;
        // In the file it is `at` minus module time, so that a reader needs no other zero.
        return { ...happening, offsetMs: this.#fromZero(happening.offsetMs) };
      case 'noise':
        return { ...happening, hex: scrubTokensInHex(scrubHex(happening.hex)) };
      case 'trouble':
        return { ...happening, what: scrubTokens(happening.what, this.#hashKey) };
      case 'expect':
        return { ...happening, params: this.#withoutTokens(happening.params) };
      default:
        return happening;
    }
  }

  #withoutTokens(params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const scrubbed = Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string' ? scrubTokens(value, this.#hashKey) : value,
    ]);
    return Object.fromEntries(scrubbed);
  }

  /** Stamps `event`, which is the timeline's own from here on. */
  #append(event: Record<string, unknown>, atMs: number): TimelineEvent {
    event['n'] = this.#last + 1;
    event['at'] = this.#fromZero(atMs);
    if (!isTimelineEvent(event)) {
      const what = findShapeError(event) ?? 'nothing';
      throw new HarnessError('HARNESS_BUG', `no event of a timeline: ${what}`, { where: 'timeline' });
    }
    this.#keep(event, lineOf(event));
    return event;
  }

  #keep(event: TimelineEvent, kept: BrokerTimelineEvent | string): void {
    // After close an event has no file to go to: the broker may still be reporting the end of its connections.
    if (!this.#isOpen) return;
    this.#last = event.n;
    this.#gathered.push(kept);
    if (this.#gathered.length >= MOST_GATHERED) this.#flushAndRest();
    else this.#flushing ??= setImmediate(() => this.#endTurn());
    for (const listener of this.#listeners) listener(event);
  }

  #write(text: string): void {
    // A line that was cut short is the last one: what came after it could not be told from it.
    if (this.#failure !== undefined) return;
    try {
      writeFileSync(this.#fd, text);
    } catch (thrown) {
      this.#failure = asError(thrown);
    }
  }

  /** A busy broker has thousands of turns a second. */
  #endTurn(): void {
    const restMs = this.#restUntilMs - performance.now();
    if (restMs > 0) {
      this.#resting = setTimeout(() => this.#flushAndRest(), restMs);
      return;
    }
    this.#flushAndRest();
  }

  #flushAndRest(): void {
    this.flush();
    this.#restUntilMs = performance.now() + REST_MS;
  }

  #fromZero(clockMs: number): number {
    return Math.round((clockMs - this.#zeroMs) * 1000) / 1000;
  }
}
