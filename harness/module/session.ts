import { randomInt } from 'node:crypto';
import { type Clock, systemClock } from '../clock.ts';
import { asError, HarnessError } from '../errors.ts';
import type { HelloResult } from '../protocol/hello-result.ts';
import { decodeLine } from '../protocol/line.ts';
import type { CallMethod, MethodName, MethodParams, MethodResults } from '../protocol/methods.ts';
import type { EnterOf, ModuleEvent } from '../protocol/module-event.ts';
import { Rpc } from '../rpc/rpc.ts';
import type { TransportFactory } from '../transport/line-transport.ts';
import { Acknowledger } from './acknowledger.ts';
import type { Call } from './call.ts';
import { type BatchedCall, CallDesk, type SlotCallParams } from './call-desk.ts';
import { CallRegistry } from './call-registry.ts';
import { ClockKeeper } from './clock-keeper.ts';
import type { ClockEstimate } from './clock-sync.ts';
import { EventStream } from './event-stream.ts';
import { EventWaits } from './event-waits.ts';
import { type EventsParams, isEventsMessage } from './events-message.ts';
import { type Established, Link, type Resumption } from './link.ts';
import { Observers } from './observers.ts';
import type { SessionObserver } from './session-observer.ts';
import { SESSION_TIMING, type SessionTiming } from './session-timing.ts';
import { type WaitOptions, Waits } from './waits.ts';

export interface SessionOptions {
  /** Called for each opening of the port. */
  readonly transport: TransportFactory;
  readonly observer?: SessionObserver;
  readonly clock?: Clock;
  readonly timing?: Partial<SessionTiming>;
  /** Asked at each start that the session sees: who brought it about from outside, if somebody did. */
  readonly explainBoot?: (cause: string) => string | undefined;
  /** For replays: what is random otherwise. */
  readonly random?: { nonce(): string; tokenBase(): number };
}

const TOKEN_BASE_LIMIT = 2 ** 31;
const BYE_MS = 500;
/** More than can lie in one chunk behind the answer to hello. */
const EARLY_LINES = 64;
const FRESH: Resumption = { session: null, acked: 0 };

/**
 * A session with the shim on one module: requests, calls and events, through noise, re-openings of the port and resets.
 *
 * After a reset it goes on with a fresh session of the shim; what waited for something of before fails with MODULE_RESET.
 */
export class ModuleSession implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #timing: SessionTiming;
  readonly #observers = new Observers();
  readonly #rpc: Rpc;
  readonly #link: Link;
  readonly #stream: EventStream;
  readonly #acknowledger: Acknowledger;
  readonly #waits: Waits;
  readonly #eventWaits: EventWaits;
  readonly #registry: CallRegistry;
  readonly #desk: CallDesk;
  readonly #clockKeeper: ClockKeeper;
  readonly #explainBoot: (cause: string) => string | undefined;
  #hello: HelloResult | undefined;
  #ticker: NodeJS.Timeout | undefined;
  #isUp = false;
  #isRecovering = false;
  #isResetAnnounced = false;
  /** Events that arrived while there was no session to put them in. */
  #early: { readonly params: EventsParams; readonly bytes: Buffer }[] = [];
  /** Why there is no session any more. */
  #failure: Error | undefined;

  /**
   * Opens the port, says hello and measures the clock.
   *
   * @throws HarnessError PORT_LOST, RPC_TIMEOUT, PROTOCOL — see `Link.establish`
   */
  static async open(options: SessionOptions): Promise<ModuleSession> {
    const session = new ModuleSession(options);
    try {
      await session.#open();
      return session;
    } catch (error) {
      await session.#abandon(asError(error));
      throw error;
    }
  }

  private constructor(options: SessionOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#timing = { ...SESSION_TIMING, ...options.timing };
    this.#explainBoot = options.explainBoot ?? (() => undefined);
    if (options.observer !== undefined) this.#observers.add(options.observer);
    this.#waits = new Waits(this.#clock, (note) => this.#observers.wait(note));
    this.#eventWaits = new EventWaits(this.#waits);
    this.#registry = new CallRegistry(options.random?.tokenBase() ?? randomInt(TOKEN_BASE_LIMIT));
    this.#rpc = new Rpc({
      clock: this.#clock,
      resendAfterMs: this.#timing.resendAfterMs,
      write: (line) => this.#link.write(line),
      onFenced: () => this.#recover(),
    });
    this.#link = this.#makeLink(options);
    this.#stream = new EventStream({
      deliver: (event) => this.#deliver(event),
      unreadable: (why) => this.#observers.trouble(why),
    });
    this.#acknowledger = this.#makeAcknowledger();
    this.#desk = this.#makeCallDesk();
    this.#clockKeeper = new ClockKeeper({
      clock: this.#clock,
      everyMs: this.#timing.clockMs,
      ask: async () => (await this.#ask('clock.read', {})).upMs,
      onEstimate: (estimate) => this.#observers.happening({ k: 'clock', ...estimate }),
    });
  }

  /** The newest answer to hello: identity, features, layout, boot. */
  get hello(): HelloResult {
    if (this.#hello !== undefined) return this.#hello;
    throw new HarnessError('HARNESS_BUG', 'the session is not open yet', { where: 'session' });
  }

  /** Whether the port is open and hello answered; else requests wait for it. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Whether it was closed, or the port did not come back in time. */
  get hasEnded(): boolean {
    return this.#failure !== undefined;
  }

  /** Module clock minus host clock, as measured last. */
  get clockEstimate(): ClockEstimate | undefined {
    return this.#clockKeeper.estimate;
  }

  /** Reads along from here on; the answer ends it. */
  observe(observer: SessionObserver): () => void {
    return this.#observers.add(observer);
  }

  /**
   * Asks the module.
   *
   * @throws HarnessError RPC_TIMEOUT, RPC_REFUSED, PROTOCOL — see `Rpc.request`
   * @throws HarnessError MODULE_RESET — the module started again before it answered
   * @throws HarnessError PORT_LOST — the port went away and did not come back in time
   */
  async request<M extends MethodName>(
    method: M,
    params: MethodParams[M],
    budgetMs?: number,
  ): Promise<MethodResults[M]> {
    this.#observers.request(method, params);
    return this.#ask(method, params, budgetMs);
  }

  /**
   * Has the module make a `ql_mqtt_*` call; resolves when the shim has accepted it. A full event queue and a busy slot are waited for.
   * Errors as with `request`.
   */
  call<M extends CallMethod>(method: M, params: SlotCallParams<M>): Promise<Call> {
    return this.#desk.call(method, params);
  }

  /**
   * Has up to 16 calls on one slot run back to back. Errors as with `request`; calls of the batch that were accepted run all the same.
   */
  batch(calls: readonly BatchedCall[]): Promise<readonly Call[]> {
    return this.#desk.batch(calls);
  }

  /** Allots the token of a call that the module makes by itself, as an armed reaction does, and listens for it. */
  expectCall(method: CallMethod, slot: number): Call {
    return this.#desk.expect(method, slot);
  }

  /** The next event that matches. Errors as with `Call.returned`. */
  waitForEvent<E extends ModuleEvent>(matches: (event: ModuleEvent) => event is E, options: WaitOptions): Promise<E> {
    return this.#eventWaits.next(matches, options);
  }

  /** The next callback of this kind on this slot. Errors as with `Call.returned`. */
  nextCallback<C extends 'inpub' | 'exception'>(
    { slot, cb }: { readonly slot: number; readonly cb: C },
    options: WaitOptions,
  ): Promise<EnterOf<C>> {
    const isIt = (event: ModuleEvent): event is EnterOf<C> =>
      event.e === 'enter' && event.cb === cb && event.slot === slot;
    return this.#eventWaits.next(isIt, options);
  }

  /** Resolves when everything that the module had to say at this moment has been delivered. Errors as with `request`. */
  async sync(budgetMs: number = this.#timing.requestMs): Promise<void> {
    const { last } = await this.#ask('events.ack', { upTo: this.#stream.last }, budgetMs);
    this.#stream.know(last);
    if (this.#stream.last < last) await this.#eventWaits.reach(last, budgetMs);
  }

  /** Ends the session and frees the port; what still waits fails with PORT_LOST. */
  async close(): Promise<void> {
    if (this.#failure !== undefined) return;
    if (this.#isUp) await this.#sayBye();
    await this.#abandon(new HarnessError('PORT_LOST', 'the session was closed', { port: 'closed' }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #open(): Promise<void> {
    const established = await this.#link.establish(() => FRESH, this.#timing.openMs, true);
    this.#hello = established.hello;
    this.#ticker = setInterval(() => this.#tick(), this.#timing.tickMs);
    this.#clockKeeper.restart(established);
    this.#goUp(established.hello.link);
    await this.#clockKeeper.measureBoot();
  }

  /** Bounded by a timer of its own: a request's budget does not count the time without a link, and the port may go away in the middle. */
  async #sayBye(): Promise<void> {
    const bye = this.#rpc.request('bye', {}, BYE_MS).catch(() => undefined); // The port is closed either way.
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, BYE_MS);
    });
    await Promise.race([bye, over]);
    clearTimeout(timer);
  }

  async #abandon(error: Error): Promise<void> {
    this.#failure = error;
    this.#isUp = false;
    clearInterval(this.#ticker);
    this.#rpc.pause();
    this.#rpc.failHello(error);
    this.#rpc.rejectAll(error);
    this.#waits.failAll(error);
    await this.#link.close();
  }

  #goUp(link: number): void {
    this.#isUp = true;
    this.#rpc.resume(link);
    for (const { params, bytes } of this.#early.splice(0)) this.#events(params, bytes);
  }

  /** The port went away, or the module knows neither link nor session: hello again. */
  #recover(): void {
    this.#isUp = false;
    this.#rpc.pause();
    // Before the first hello is answered, and while another is under way, whoever says it goes on.
    if (this.#hello === undefined || this.#isRecovering || this.#failure !== undefined) return;
    this.#isRecovering = true;
    void this.#reestablish().finally(() => {
      this.#isRecovering = false;
    });
  }

  async #reestablish(): Promise<void> {
    const { session } = this.hello;
    try {
      const resumption = () => ({ session, acked: this.#stream.last });
      this.#adopt(await this.#link.establish(resumption, this.#timing.reopenMs, false));
    } catch (thrown) {
      if (this.#failure !== undefined) return;
      const error = asError(thrown);
      this.#observers.trouble(error.message);
      await this.#abandon(error);
    }
  }

  #adopt(established: Established): void {
    const { hello, port } = established;
    const before = this.hello;
    const isReset = hello.boot.id !== before.boot.id;
    this.#hello = hello;
    if (isReset) this.#startAgain(established);
    else if (!hello.resumed) this.#loseSession(before.session, hello.session);
    this.#observers.happening({ k: 'reopen', port, link: hello.link, resumed: hello.resumed });
    this.#stream.know(hello.queue.last);
    this.#goUp(hello.link);
    if (isReset) void this.#clockKeeper.measureBoot();
  }

  #startAgain(established: Established): void {
    const { id, cause } = established.hello.boot;
    const byWhom = this.#explainBoot(cause);
    const announced = this.#isResetAnnounced || byWhom !== undefined;
    this.#isResetAnnounced = false;
    this.#observers.happening({ k: 'boot', id, cause, announced });
    if (byWhom !== undefined) this.#observers.trouble(`the module was started from outside, ${byWhom}`);
    const how = announced ? 'as announced' : 'unannounced';
    this.#forget(new HarnessError('MODULE_RESET', `the module started again, ${how}: ${cause}`, { cause, announced }));
    this.#clockKeeper.restart(established);
  }

  #loseSession(before: number, after: number): void {
    const message = `the module opened session ${after} in place of ${before}: another host has spoken to it`;
    this.#observers.trouble(message);
    this.#forget(new HarnessError('PROTOCOL', message, { saw: `session ${after}` }));
  }

  /** What belonged to the session before is over. */
  #forget(error: Error): void {
    this.#rpc.rejectAll(error);
    this.#waits.failAll(error);
    this.#eventWaits.restart();
    this.#registry.clear();
    this.#stream.restart();
    this.#acknowledger.restart();
  }

  #line(bytes: Buffer): void {
    const decoded = decodeLine(bytes);
    if (decoded.kind === 'noise') this.#observers.noise(bytes, bytes.length, decoded.why);
    if (decoded.kind !== 'message') return;
    if (isEventsMessage(decoded.message)) return this.#events(decoded.message.params, bytes);
    const kind = this.#rpc.receive(decoded.message);
    if (kind === 'hello') this.#early = [];
    if (kind === 'taken' || kind === 'hello') return;
    // The checksum holds, so the module means it: it could not read a request of ours, or it speaks outside of the protocol.
    this.#observers.trouble(`the module sent what is no answer: ${bytes.toString('utf8').slice(0, 200)}`);
  }

  #events({ session, events }: EventsParams, bytes: Buffer): void {
    if (!this.#isUp) {
      // Behind the answer to hello, in the same chunk; those of before it are forgotten with it, and sent again.
      if (this.#early.length < EARLY_LINES) this.#early.push({ params: { session, events }, bytes });
      return;
    }
    if (session !== this.hello.session) return this.#observers.noise(bytes, bytes.length, 'ghost');
    this.#stream.accept(events);
    this.#acknowledger.arrived(this.#clock.nowMs());
  }

  #deliver(event: ModuleEvent): void {
    this.#observers.event(event);
    if (event.e === 'reset') this.#awaitReset(event.seq);
    if (event.e === 'lost') this.#observers.happening({ k: 'overflow', counts: event.counts });
    this.#registry.hear(event);
    this.#eventWaits.hear(event);
  }

  #awaitReset(seq: number): void {
    this.#isResetAnnounced = true;
    // The module holds the reset back for a while, until it knows that it has been heard.
    this.#rpc.notify('events.ack', { upTo: seq });
  }

  #tick(): void {
    this.#rpc.tick();
    this.#waits.tick();
    if (!this.#isUp) return;
    this.#acknowledger.tick(this.#clock.nowMs());
    if (this.#rpc.isIdle) this.#clockKeeper.tick();
  }

  async #ask<M extends MethodName>(
    method: M,
    params: Readonly<Record<string, unknown>>,
    budgetMs: number = this.#timing.requestMs,
  ): Promise<MethodResults[M]> {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#rpc.request(method, params, budgetMs);
  }

  #makeLink({ transport, random }: SessionOptions): Link {
    return new Link({
      factory: transport,
      rpc: this.#rpc,
      clock: this.#clock,
      timing: this.#timing,
      receiver: {
        line: (bytes) => this.#line(bytes),
        noise: (bytes, length, why) => this.#observers.noise(bytes, length, why),
      },
      onLost: () => this.#recover(),
      ...(random === undefined ? {} : { makeNonce: () => random.nonce() }),
    });
  }

  #makeAcknowledger(): Acknowledger {
    return new Acknowledger({
      stream: this.#stream,
      timing: this.#timing,
      notify: (upTo) => this.#rpc.notify('events.ack', { upTo }),
      ask: (upTo) => this.#ask('events.ack', { upTo }),
      resend: (from) => this.#ask('events.resend', { from }),
      hasRoom: () => this.#rpc.hasRoom,
      isAwaited: () => !this.#waits.isEmpty,
      onLoss: (what) => this.#observers.trouble(what),
    });
  }

  #makeCallDesk(): CallDesk {
    return new CallDesk({
      clock: this.#clock,
      waits: this.#waits,
      registry: this.#registry,
      budgetMs: this.#timing.requestMs,
      pauseMs: this.#timing.tickMs,
      note: (method, params) => this.#observers.request(method, params),
      ask: (method, params) => this.#ask(method, params),
      askBatch: (requests) => this.#askBatch(requests),
      acknowledge: () => this.#ask('events.ack', { upTo: this.#stream.last }),
    });
  }

  #askBatch(
    requests: readonly { readonly method: CallMethod; readonly params: Readonly<Record<string, unknown>> }[],
  ): readonly Promise<unknown>[] {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#rpc.batch(requests, this.#timing.requestMs);
  }
}
