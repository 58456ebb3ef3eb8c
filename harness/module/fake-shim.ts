import * as v from 'valibot';
import { ANSWERS_KEPT } from '../protocol/limits.ts';
import { decodeLine, encodeLine } from '../protocol/line.ts';
import { isCallMethod, isMethodName, METHODS, type MethodName } from '../protocol/methods.ts';
import { SHIM_ERRORS, type ShimErrorName } from '../protocol/shim-errors.ts';
import type { FarEnd } from '../transport/memory.ts';

const LF = 0x0a;
const EVENTS_PER_LINE = 20;

const requestMessage = v.strictObject({
  jsonrpc: v.literal('2.0'),
  id: v.optional(v.number()),
  method: v.string(),
  params: v.optional(v.record(v.string(), v.unknown())),
});
type Request = v.InferOutput<typeof requestMessage>;
type Params = Readonly<Record<string, unknown>>;

class Refusal extends Error {
  readonly code: ShimErrorName;

  constructor(code: ShimErrorName) {
    super(code);
    this.code = code;
  }
}

export interface FakeShimOptions {
  /** Sees every call before its events are made. The default answer is `call` and `ret` 0, or `ret` −2 and a callback. */
  readonly onCall?: (shim: FakeShim, method: string, params: Params) => 'done' | 'default';
  /** Makes the shim refuse what this names. */
  readonly refuse?: (method: string, params: Params) => ShimErrorName | undefined;
  /** Protocol version that it says it speaks. */
  readonly protocol?: string;
  /** Takes a host of another major version all the same, as it must not. */
  readonly takesAnyVersion?: boolean;
}

/** For tests: the module's end of docs/protocol.md, as far as the host can tell, without a module. */
export class FakeShim {
  /** Every request that ran, in order; what is repeated and what is fenced off does not run. */
  readonly ran: { readonly id: number; readonly method: string; readonly params: Params; readonly boot: number }[] = [];
  noise = 0;
  link = 0;
  session = 0;
  boot = 0;
  /** Requests are read and left without an answer. */
  isMute = false;
  readonly #options: FakeShimOptions;
  #bootId: string | undefined;
  #cause = 'power-key';
  #bootedMs = performance.now();
  #far: FarEnd | undefined;
  #rest = Buffer.alloc(0);
  #isOpen = false;
  #answers = new Map<number, string>();
  #floor = 0;
  #events: { readonly seq: number }[] = [];
  #lastSeq = 0;
  #sentSeq = 0;
  #isWriting = false;

  constructor(options: FakeShimOptions = {}) {
    this.#options = options;
  }

  /** Serves this opening of the port; an earlier one is dead. */
  attach(far: FarEnd): void {
    this.#far = far;
    this.#rest = Buffer.alloc(0);
    far.send(Buffer.from('\n'));
    far.listen((bytes) => {
      if (this.#far === far) this.#bytes(bytes);
    });
    this.#writeSoon();
  }

  /** The port goes away; events and answers are kept. */
  unplug(): void {
    const far = this.#far;
    this.#far = undefined;
    far?.unplug('unplugged');
  }

  /** Starts again; with the port if `unplug`. */
  reset({ announced, cause, unplug }: { announced: boolean; cause: string; unplug: boolean }): void {
    if (announced) this.emit({ e: 'reset', why: 'a test' });
    if (announced) this.#writeEvents();
    this.boot += 1;
    this.#bootId = undefined;
    this.#cause = cause;
    this.#bootedMs = performance.now();
    this.#isOpen = false;
    this.session = 0;
    this.link = 0;
    this.#startSession();
    if (unplug) this.unplug();
  }

  /** Numbers an event and sends it; answers its `seq`. */
  emit(event: Readonly<Record<string, unknown>>): number {
    this.#lastSeq += 1;
    const numbered = { seq: this.#lastSeq, t: this.#upMs(), ...event };
    this.#events.push(numbered);
    this.#writeSoon();
    return this.#lastSeq;
  }

  /** Forgets an event that the host has not acknowledged, as no shim may. */
  loseEvent(seq: number): void {
    this.#events = this.#events.filter((event) => event.seq !== seq);
  }

  /** Events that the host has not acknowledged. */
  get unacknowledged(): number {
    return this.#events.length;
  }

  /** Bytes as they are. */
  sendRaw(bytes: Buffer | string): void {
    this.#far?.send(Buffer.from(bytes));
  }

  sendMessage(message: unknown): void {
    this.sendRaw(encodeLine(JSON.stringify(message)));
  }

  #upMs(): number {
    return Math.floor(performance.now() - this.#bootedMs);
  }

  #startSession(): void {
    this.#answers.clear();
    this.#floor = 0;
    this.#events = [];
    this.#lastSeq = 0;
    this.#sentSeq = 0;
  }

  #bytes(bytes: Buffer): void {
    let rest = Buffer.concat([this.#rest, bytes]);
    for (let end = rest.indexOf(LF); end !== -1; end = rest.indexOf(LF)) {
      this.#line(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
    }
    this.#rest = rest;
  }

  #line(line: Buffer): void {
    const decoded = decodeLine(line);
    if (decoded.kind === 'noise') this.noise += 1;
    if (decoded.kind !== 'message' || this.isMute) return;
    if (Array.isArray(decoded.message)) {
      const answers = decoded.message.map((one: unknown) => this.#handle(v.parse(requestMessage, one)));
      this.sendRaw(encodeLine(`[${answers.join(',')}]`));
      return;
    }
    const answer = this.#handle(v.parse(requestMessage, decoded.message));
    if (answer !== undefined) this.sendRaw(encodeLine(answer));
  }

  /** JSON of the answer; undefined for a notification. */
  #handle(request: Request): string | undefined {
    const { id } = request;
    const { link, ...params } = request.params ?? {};
    if (id === undefined) {
      if (this.#isOpen && link === this.link) this.#run(request, params);
      return undefined;
    }
    if (request.method === 'hello') return this.#answer(id, () => this.#hello(params));
    if (!this.#isOpen) return refusal(id, 'NO_SESSION');
    if (link !== this.link) return refusal(id, 'STALE_LINK');
    const kept = this.#answers.get(id);
    if (kept !== undefined) return kept;
    if (id <= this.#floor) return refusal(id, 'ID_TOO_OLD');
    this.ran.push({ id, method: request.method, params, boot: this.boot });
    const answer = this.#answer(id, () => this.#run(request, params));
    this.#keep(id, answer);
    return answer;
  }

  #keep(id: number, answer: string): void {
    this.#answers.set(id, answer);
    if (this.#answers.size <= ANSWERS_KEPT) return;
    const lowest = Math.min(...this.#answers.keys());
    this.#answers.delete(lowest);
    this.#floor = Math.max(this.#floor, lowest);
  }

  #answer(id: number, run: () => unknown): string {
    try {
      return JSON.stringify({ jsonrpc: '2.0', id, result: run() });
    } catch (error) {
      if (error instanceof Refusal) return refusal(id, error.code);
      throw error;
    }
  }

  #hello(params: Params): unknown {
    const { nonce, session, acked } = v.parse(METHODS.hello.params, params);
    const { protocol = '1.0', takesAnyVersion = false } = this.#options;
    if (!protocol.startsWith('1.') && !takesAnyVersion) throw new Refusal('PROTOCOL_VERSION');
    this.#bootId ??= nonce.slice(0, 8);
    const resumed = session !== null && this.#isOpen && session === this.session;
    if (resumed) this.#acknowledge(acked);
    else {
      this.session += 1;
      this.#startSession();
    }
    this.#isOpen = true;
    this.link += 1;
    this.#sentSeq = resumed ? acked : 0;
    this.#writeSoon();
    return {
      nonce,
      protocol,
      shim: '0.1.0',
      session: this.session,
      resumed,
      link: this.link,
      boot: { id: this.#bootId, cause: this.#cause, raw: 1, upMs: this.#upMs() },
      sdk: 'r03',
      features: ['setopt'],
      layout: { client_info: { size: 56, keep_alive: 24 }, pointer: 8 },
      module: { model: 'FAKE', revision: 'FAKER01', imei: '867000000000001' },
      heap: { total: 1048576, avail: 700000, maxBlock: 500000 },
      queue: { bytes: 32768, events: 200, last: this.#lastSeq },
      slots: Array.from({ length: 6 }, () => 'free'),
    };
  }

  #run({ id, method }: Request, params: Params): unknown {
    if (!isMethodName(method)) throw new Refusal('METHOD_NOT_FOUND');
    const refused = this.#options.refuse?.(method, params);
    if (refused !== undefined) throw new Refusal(refused);
    if (!isValid(method, params)) throw new Refusal('INVALID_PARAMS');
    if (isCallMethod(method)) return this.#call(method, params);
    switch (method) {
      case 'clock.read':
        return { upMs: this.#upMs() };
      case 'events.ack':
        this.#acknowledge(Number(params['upTo']));
        return { last: this.#lastSeq, noise: this.noise };
      case 'events.resend': {
        const from = this.#events[0]?.seq ?? this.#lastSeq + 1;
        this.#sentSeq = Math.max(Number(params['from']), from) - 1;
        this.#writeSoon();
        return { from: this.#sentSeq + 1, last: this.#lastSeq };
      }
      case 'file.write':
        return { length: Buffer.from(String(params['base64']), 'base64').length };
      case 'at.send':
        return { accepted: id };
      case 'react.arm':
        return { reaction: 1 };
      case 'slots':
        return { slots: Array.from({ length: 6 }, () => 'free') };
      case 'bye':
        this.#isOpen = false;
        return {};
      default:
        return {};
    }
  }

  #call(method: string, params: Params): unknown {
    const { token, slot } = params;
    if (this.#options.onCall?.(this, method, params) === 'done') return { accepted: token };
    const fn = method.slice('mqtt.'.length);
    const callback = CALLBACKS[fn];
    this.emit({ e: 'call', token, fn, slot, task: 1 });
    this.emit({ e: 'ret', token, fn, slot, task: 1, ret: callback === undefined ? 0 : -2, handle: 7 });
    if (callback !== undefined) this.callback({ ...callback, arg: token, slot });
    return { accepted: token };
  }

  /** Enters and leaves a callback. */
  callback(members: Readonly<Record<string, unknown>>): void {
    const enter = this.emit({ e: 'enter', handle: 7, client: 'same', task: 2, ...members });
    this.emit({ e: 'leave', cb: members['cb'], enter, task: 2 });
  }

  #acknowledge(upTo: number): void {
    const kept = this.#events.findIndex((event) => event.seq > upTo);
    this.#events = kept === -1 ? [] : this.#events.slice(kept);
  }

  #writeSoon(): void {
    if (this.#isWriting) return;
    this.#isWriting = true;
    setImmediate(() => {
      this.#isWriting = false;
      this.#writeEvents();
    });
  }

  #writeEvents(): void {
    if (!this.#isOpen || this.#far === undefined) return;
    for (;;) {
      const start = this.#events.findIndex((event) => event.seq > this.#sentSeq);
      if (start === -1) return;
      const events = this.#events.slice(start, start + EVENTS_PER_LINE);
      this.#sentSeq = events.at(-1)?.seq ?? this.#sentSeq;
      this.sendMessage({ jsonrpc: '2.0', method: 'events', params: { session: this.session, events } });
    }
  }
}

const CALLBACKS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  connect: { cb: 'connect', status: 0 },
  publish: { cb: 'request', err: 0 },
  sub_unsub: { cb: 'request', err: 0 },
  disconnect: { cb: 'disconnect', err: 0 },
};

/** In a function of its own, so that the compiler does not narrow the params to the union of all. */
function isValid(method: MethodName, params: Params): boolean {
  return v.is(METHODS[method].params, params);
}

function refusal(id: number, name: ShimErrorName): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code: SHIM_ERRORS[name], message: name } });
}
