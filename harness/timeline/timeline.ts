import { closeSync, openSync, writeFileSync } from 'node:fs';

import type { BrokerEvent } from '../../broker/events.ts';
import type { Clock } from '../clock.ts';
import { HarnessError } from '../errors.ts';
import type { ModuleEvent } from '../protocol/module-event.ts';
import { findShapeError, isTimelineEvent } from './event-shape.ts';
import type { HostHappening, TimelineEvent, TimelineHeader } from './events.ts';
import { scrubHex, scrubIdentity } from './scrub-identity.ts';

export interface TimelineOptions {
  /** The clock of everything that is appended: of the broker's `at`, of `heardMs`, of the clock happening's offset. */
  readonly clock: Clock;
  /** Key of the hash that stands for subscriber numbers. */
  readonly hashKey: string;
}

type Listener = (event: TimelineEvent) => void;

const FLUSH_BYTES = 64 * 1024;

/**
 * The timeline of one attempt, on disk as it grows. Events get their numbers in the order of arrival; listeners read along.
 *
 * Lines are gathered and written synchronously at the end of each turn of the event loop, so that a killed process loses at
 * most the turn that it died in, and a busy broker does not pay a system call for each frame.
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
  #lines: string[] = [];
  #pendingBytes = 0;
  #flushing: ReturnType<typeof setImmediate> | undefined;
  #last = 0;
  /** Host clock minus module clock, ms; unknown until the first measurement. */
  #offsetMs: number | undefined;
  #isOpen = true;

  /** Starts the file; `at` is counted from this moment. @throws Error — of `open(2)`, e.g. when the file exists */
  static open(path: string, header: TimelineHeader, options: TimelineOptions): Timeline {
    return new Timeline(openSync(path, 'wx'), header, options);
  }

  private constructor(fd: number, header: TimelineHeader, { clock, hashKey }: TimelineOptions) {
    this.#fd = fd;
    this.header = header;
    this.#clock = clock;
    this.#hashKey = hashKey;
    this.#zeroMs = clock.nowMs();
    process.once('exit', this.#flushOnExit);
    this.#write(header);
    this.flush();
  }

  /** An event of the module, heard at `heardMs` of the clock. */
  module(event: ModuleEvent, heardMs: number = this.#clock.nowMs()): TimelineEvent {
    const { e, ...members } = event;
    const at = this.#offsetMs === undefined ? heardMs : event.t + this.#offsetMs;
    const scrubbed = event.e === 'at' ? { line: scrubIdentity(event.line, this.#hashKey) } : {};
    return this.#append({ ...members, ...scrubbed, k: e, src: 'module', heard: this.#fromZero(heardMs) }, at);
  }

  broker(event: BrokerEvent): TimelineEvent {
    return this.#append({ ...event, src: 'broker' }, event.at);
  }

  /**
   * What the host did, at `atMs` of the clock (left out: at this moment).
   *
   * A `clock` happening's `offsetMs` is host clock minus module clock; it is in force for all that follows.
   */
  host(happening: HostHappening, atMs: number = this.#clock.nowMs()): TimelineEvent {
    const event = this.#append({ ...this.#asKept(happening), src: 'host' }, atMs);
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
    this.#flushing = undefined;
    if (this.#lines.length === 0) return;
    const text = this.#lines.join('');
    this.#lines = [];
    this.#pendingBytes = 0;
    writeFileSync(this.#fd, text);
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

  #asKept(happening: HostHappening): HostHappening {
    switch (happening.k) {
      case 'clock':
        this.#offsetMs = happening.offsetMs;
        // In the file it is `at` minus module time, so that a reader needs no other zero.
        return { ...happening, offsetMs: this.#fromZero(happening.offsetMs) };
      case 'noise':
        return { ...happening, hex: scrubHex(happening.hex) };
      default:
        return happening;
    }
  }

  #append(members: Readonly<Record<string, unknown>>, atMs: number): TimelineEvent {
    const event: unknown = { ...members, n: this.#last + 1, at: this.#fromZero(atMs) };
    if (!isTimelineEvent(event)) {
      const what = findShapeError(event) ?? 'nothing';
      throw new HarnessError('HARNESS_BUG', `no event of a timeline: ${what}`, { where: 'timeline' });
    }
    // After close an event has no file to go to: the broker may still be reporting the end of its connections.
    if (!this.#isOpen) return event;
    this.#last = event.n;
    this.#write(event);
    for (const listener of this.#listeners) listener(event);
    return event;
  }

  #write(line: TimelineEvent | TimelineHeader): void {
    const text = `${JSON.stringify(line)}\n`;
    this.#lines.push(text);
    this.#pendingBytes += text.length;
    if (this.#pendingBytes >= FLUSH_BYTES) this.flush();
    else this.#flushing ??= setImmediate(() => this.flush());
  }

  #fromZero(clockMs: number): number {
    return Math.round((clockMs - this.#zeroMs) * 1000) / 1000;
  }
}
