import { BrokerError } from '../broker-error.ts';
import type { BrokerEvent, GateFired } from '../events.ts';
import { describeMatcher, type FrameMatcher, type FrameRef, matchesFrame } from '../frame-matcher.ts';
import { Waits } from '../waits.ts';
import type { Passage, Verb } from './verb.ts';

export interface GateOptions {
  /** For events and messages; from the verb and the matcher when absent. */
  readonly name?: string;
  /** Fires at this match only, counted from 1: "the second PUBACK". */
  readonly nth?: number;
  /** Fires at most so often; without it, at every match. */
  readonly times?: number;
  /** Looks at frames only once one of this kind has gone by: "once the client has sent CONNECT". */
  readonly after?: FrameMatcher;
}

export interface ReleaseOptions {
  /** So many of those set aside, the oldest; all when absent. */
  readonly count?: number;
  /** Indexes into those released: `[1, 0]` sends the second one first. */
  readonly order?: readonly number[];
}

/** What a gate needs of the connection that a frame is on. */
export interface PassageControl {
  enqueue(bytes: Buffer, options: { readonly isReady: boolean; readonly isOwn: boolean }): () => void;
  toModule(bytes: Buffer): void;
}

interface Aside {
  readonly frame: FrameRef;
  readonly pass: () => void;
}

/** A matcher with a verb, armed on a listener. It says when it fired; one that never fired proves nothing. */
export class Gate implements Disposable {
  readonly name: string;
  /** The first frame that it fired on. @throws BrokerError CLOSED — when it is closed before. */
  readonly fired: Promise<FrameRef>;
  readonly #matcher: FrameMatcher;
  readonly #verb: Verb;
  readonly #options: GateOptions;
  readonly #report: (event: BrokerEvent) => void;
  readonly #clock: () => number;
  readonly #onClose: (gate: Gate) => void;
  readonly #waits = new Waits();
  readonly #counted = new Set<() => void>();
  readonly #timers = new Map<NodeJS.Timeout, () => void>();
  #aside: Aside[] = [];
  #matches = 0;
  #count = 0;
  #isAwake: boolean;
  #isClosed = false;
  #resolveFired: (frame: FrameRef) => void = () => undefined;
  #rejectFired: (error: Error) => void = () => undefined;

  constructor(
    matcher: FrameMatcher,
    verb: Verb,
    options: GateOptions,
    context: {
      readonly report: (event: BrokerEvent) => void;
      readonly clock: () => number;
      readonly onClose: (gate: Gate) => void;
    },
  ) {
    this.name = options.name ?? `${verb.name} ${describeMatcher(matcher)}`;
    this.#matcher = matcher;
    this.#verb = verb;
    this.#options = options;
    this.#report = context.report;
    this.#clock = context.clock;
    this.#onClose = context.onClose;
    this.#isAwake = options.after === undefined;
    this.fired = new Promise((resolve, reject) => {
      this.#resolveFired = resolve;
      this.#rejectFired = reject;
    });
    // Nobody has to look at it; without this a gate that never fired would end the process when it is closed.
    this.fired.catch(() => undefined);
    this.#say('armed');
  }

  /** How often it has fired. */
  get count(): number {
    return this.#count;
  }

  get isPassive(): boolean {
    return this.#verb.isPassive === true;
  }

  get keeps(): boolean {
    return this.#verb.keeps === true;
  }

  /** The frames that are set aside, oldest first. */
  get held(): readonly FrameRef[] {
    return this.#aside.map(({ frame }) => frame);
  }

  /** Whether it would fire on this frame; each frame is to be asked about once. */
  wants(frame: FrameRef): boolean {
    const { nth, times } = this.#options;
    if (!this.#isAwake || !matchesFrame(this.#matcher, frame)) return false;
    this.#matches += 1;
    return (nth === undefined || nth === this.#matches) && (times === undefined || this.#count < times);
  }

  /** Sees every frame, after all gates have been asked about it. */
  notice(frame: FrameRef): void {
    const { after } = this.#options;
    if (!this.#isAwake && after !== undefined) this.#isAwake = matchesFrame(after, frame);
  }

  /** Fires on a frame that it wants. */
  fire(frame: FrameRef, control: PassageControl): void {
    this.#count += 1;
    this.#say('fired', frame);
    this.#verb.act(this.#passage(frame, control));
    this.#resolveFired(frame);
    for (const check of this.#counted) check();
  }

  /** @throws BrokerError WAIT_EXPIRED — when it has not fired `count` times within the budget. */
  waitForCount(count: number, budgetMs: number): Promise<void> {
    return this.#waits.waitFor<undefined>(`gate "${this.name}" fires ${count} times`, budgetMs, (done) => {
      const check = () => {
        if (this.#count >= count) done(undefined);
      };
      this.#counted.add(check);
      check();
      return () => this.#counted.delete(check);
    });
  }

  /** Lets go what is set aside. Returns how many frames. */
  release({ count = this.#aside.length, order }: ReleaseOptions = {}): number {
    const going = this.#aside.splice(0, count);
    const ordered = order === undefined ? going : order.map((index) => nthAside(going, index));
    for (const { frame, pass } of ordered) {
      this.#say('released', frame);
      pass();
    }
    return ordered.length;
  }

  /** Disarms, and lets go all that it keeps. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const [timer, callback] of this.#timers) {
      clearTimeout(timer);
      callback();
    }
    this.#timers.clear();
    this.release();
    this.#rejectFired(
      new BrokerError('CLOSED', `gate "${this.name}" was closed and had not fired`, { what: this.name }),
    );
    this.#waits.close(`gate "${this.name}"`);
    this.#onClose(this);
    this.#say('closed');
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #passage(frame: FrameRef, control: PassageControl): Passage {
    return {
      frame,
      pass: () => void control.enqueue(frame.bytes, { isReady: true, isOwn: true }),
      passAs: (bytes) => void control.enqueue(bytes, { isReady: true, isOwn: false }),
      stall: () => control.enqueue(frame.bytes, { isReady: false, isOwn: true }),
      setAside: () =>
        this.#aside.push({ frame, pass: () => control.enqueue(frame.bytes, { isReady: true, isOwn: true }) }),
      asideCount: () => this.#aside.length,
      release: (order) => this.release(order === undefined ? {} : { order }),
      toModule: (bytes) => control.toModule(bytes),
      later: (delayMs, callback) => this.#later(delayMs, callback),
    };
  }

  #later(delayMs: number, callback: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      callback();
    }, delayMs);
    this.#timers.set(timer, callback);
  }

  #say(act: GateFired['act'], frame?: FrameRef): void {
    const where = frame === undefined ? {} : { conn: frame.conn, frame: frame.frame };
    this.#report({
      k: 'gate',
      at: this.#clock(),
      gate: this.name,
      verb: this.#verb.name,
      act,
      count: this.#count,
      ...where,
    });
  }
}

function nthAside(aside: readonly Aside[], index: number): Aside {
  const found = aside[index];
  if (found === undefined)
    throw new BrokerError('USAGE', `release order names frame ${index}, ${aside.length} are set aside`, {
      subject: 'release order',
    });
  return found;
}
