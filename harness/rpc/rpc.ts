import * as v from 'valibot';
import type { Clock } from '../clock.ts';
import { asError, HarnessError } from '../errors.ts';
import { ANSWERS_KEPT, REQUEST_ID_MAX, REQUESTS_OUTSTANDING } from '../protocol/limits.ts';
import { encodeLine } from '../protocol/line.ts';
import type { MethodName, MethodParams, MethodResults } from '../protocol/methods.ts';
import { findShimErrorName } from '../protocol/shim-errors.ts';
import { type Answer, answerMessage, type Refusal } from './answer.ts';
import { decodeResult } from './decode-result.ts';
import { type Frame, frameLine, type PendingRequest, paramsJson } from './frame.ts';
import { FrameQueue } from './frame-queue.ts';
import { HelloExchange } from './hello-exchange.ts';
import { refusalError } from './refusal-error.ts';
import { timeoutError } from './timeout-error.ts';
import { withResolvers } from './with-resolvers.ts';

export interface RpcOptions {
  readonly clock: Clock;
  /** Writes one line on the present opening of the port. */
  readonly write: (line: string) => void;
  /** The module knows neither this link nor this session: nothing that was refused so has run. */
  readonly onFenced: (refusal: 'STALE_LINK' | 'NO_SESSION') => void;
  /** The first repetition; each later one waits twice as long. */
  readonly resendAfterMs?: number;
}

export interface BatchedRequest<M extends MethodName> {
  readonly method: M;
  readonly params: Readonly<Record<string, unknown>>;
}

const RESEND_AFTER_MS = 300;
/** Not more: on a line that loses one in four, a handful of attempts within a budget is not enough. */
const RESEND_GROWTH = 2;

/**
 * Requests and their answers. It knows nothing of ports: while the link is down requests wait, and when it is up again those without
 * an answer are sent again under the same id, which the module answers without running them twice.
 */
export class Rpc {
  readonly #options: RpcOptions;
  readonly #firstResendMs: number;
  /** Written and not answered, by id, in rising order. */
  readonly #outstanding = new Map<number, { readonly request: PendingRequest; readonly frame: Frame }>();
  readonly #waiting = new FrameQueue();
  #hello: HelloExchange | undefined;
  #link: number | undefined;
  /** When the link went down, if it was up. */
  #pausedMs: number | undefined;
  #lastId = 0;
  #isFenced = false;

  constructor(options: RpcOptions) {
    this.#options = options;
    this.#firstResendMs = options.resendAfterMs ?? RESEND_AFTER_MS;
  }

  /** Whether a request would be written at once. */
  get hasRoom(): boolean {
    return this.#link !== undefined && this.#waiting.isEmpty && this.#roomFor(1);
  }

  get isIdle(): boolean {
    return this.#outstanding.size === 0 && this.#waiting.isEmpty;
  }

  /**
   * Asks and decodes the answer. The request is written before this returns if there is room, else as soon as there is.
   *
   * @throws HarnessError RPC_TIMEOUT — no answer within the budget, which starts now; time without a link does not count
   * @throws HarnessError RPC_REFUSED — the shim's error
   * @throws HarnessError PROTOCOL — the answer is not what the method answers
   */
  async request<M extends MethodName>(
    method: M,
    params: Readonly<Record<string, unknown>>,
    budgetMs: number,
  ): Promise<MethodResults[M]> {
    const [answer] = this.#enqueue([{ method, params }], false, budgetMs);
    return decodeResult(method, await answer);
  }

  /** Sends calls that run back to back on the module. Each answer is its own promise; errors as with `request`. */
  batch<M extends MethodName>(requests: readonly BatchedRequest<M>[], budgetMs: number): Promise<MethodResults[M]>[] {
    const answers = this.#enqueue(requests, true, budgetMs);
    return requests.map(async ({ method }, index) => decodeResult(method, await answers[index]));
  }

  /** A message without an id, which nobody answers. Dropped while the link is down. */
  notify(method: MethodName, params: Readonly<Record<string, unknown>>): void {
    if (this.#link === undefined) return;
    const json = `{"jsonrpc":"2.0","method":"${method}","params":{"link":${this.#link}${paramsJson(params)}}}`;
    this.#options.write(encodeLine(json));
  }

  /**
   * Says hello on a port that has just opened; outside of link and window. An answer that carries another nonce is dropped.
   *
   * @throws HarnessError RPC_TIMEOUT — no answer with this nonce within the budget; say it again with a fresh nonce
   * @throws HarnessError RPC_REFUSED, PROTOCOL — see `request`
   */
  async hello(params: MethodParams['hello'], budgetMs: number): Promise<MethodResults['hello']> {
    const exchange = new HelloExchange(this.#nextId(), params, budgetMs);
    this.#hello?.fail(timeoutError('hello', budgetMs));
    this.#hello = exchange;
    const message = { jsonrpc: '2.0', id: exchange.id, method: 'hello', params };
    this.#options.write(encodeLine(JSON.stringify(message)));
    return decodeResult('hello', await exchange.answer);
  }

  /** The link is up: what has no answer is sent again, what waits is sent. */
  resume(link: number): void {
    this.#giveBackDownTime();
    this.#link = link;
    this.#isFenced = false;
    for (const frame of this.#unanswered()) this.#write(frame, link);
    this.#pump();
  }

  /** The link is down: nothing is written until `resume`. */
  pause(): void {
    this.#link = undefined;
    this.#pausedMs ??= this.#options.clock.nowMs();
  }

  /** The port is gone or given up: a hello under way ends with this error. */
  failHello(error: Error): void {
    this.#hello?.fail(error);
    this.#hello = undefined;
  }

  /** Everything that waits for an answer, written or not, ends with this error. */
  rejectAll(error: Error): void {
    const open = [...this.#outstanding.values()].map(({ request }) => request);
    this.#outstanding.clear();
    const waiting = this.#waiting.takeAll(() => true).flatMap(({ requests }) => requests);
    for (const request of [...open, ...waiting]) request.reject(error);
  }

  /**
   * Takes a message if it is an answer, or an array of them: `hello` for the one that starts a link, `stray` for one that belongs to no
   * request, `other` for what is no answer.
   */
  receive(message: unknown): 'taken' | 'hello' | 'stray' | 'other' {
    if (Array.isArray(message)) {
      const kinds = message.map((one: unknown) => this.receive(one));
      return kinds.includes('other') ? 'other' : 'taken';
    }
    if (!isAnswer(message)) return 'other';
    const parsed = v.safeParse(answerMessage, message);
    if (!parsed.success) return 'other';
    return this.#answered(parsed.output);
  }

  /** To be called every few ms: ends what has outlived its budget, sends again what has no answer yet. */
  tick(): void {
    const link = this.#link;
    if (link === undefined) return;
    const now = this.#options.clock.nowMs();
    for (const frame of this.#unanswered()) {
      if (now >= frame.deadlineMs) this.#expire(frame);
      else if (now >= frame.resendAtMs) this.#resend(frame, link, now);
    }
    for (const frame of this.#waiting.takeAll(({ deadlineMs }) => now >= deadlineMs)) this.#expire(frame);
    this.#pump();
  }

  /**
   * A budget is for the module to answer: while there is no link it can't. How long that may last is the session's to say, and what
   * ended meanwhile (the port for good, the module's boot) is a better reason than a time-out.
   */
  #giveBackDownTime(): void {
    const now = this.#options.clock.nowMs();
    const pausedMs = this.#pausedMs ?? now;
    this.#pausedMs = undefined;
    for (const frame of [...this.#unanswered(), ...this.#waiting.waiting()]) {
      frame.deadlineMs += now - Math.max(pausedMs, frame.askedMs);
    }
  }

  #enqueue(
    requests: readonly { readonly method: MethodName; readonly params: Readonly<Record<string, unknown>> }[],
    isBatch: boolean,
    budgetMs: number,
  ): readonly Promise<unknown>[] {
    const now = this.#options.clock.nowMs();
    const answers: Promise<unknown>[] = [];
    const pending = requests.map(({ method, params }): PendingRequest => {
      const { promise, resolve, reject } = withResolvers<unknown>();
      answers.push(promise);
      return { id: 0, method, paramsJson: paramsJson(params), resolve, reject };
    });
    this.#waiting.add({
      requests: pending,
      isBatch,
      budgetMs,
      askedMs: now,
      deadlineMs: now + budgetMs,
      resendAtMs: 0,
      resendAfterMs: this.#firstResendMs,
    });
    this.#pump();
    return answers;
  }

  #pump(): void {
    const link = this.#link;
    if (link === undefined) return;
    for (let next = this.#waiting.first; next !== undefined && this.#roomFor(next.requests.length); ) {
      this.#waiting.takeFirst();
      this.#send(next, link);
      next = this.#waiting.first;
    }
  }

  /** An id is never 32 or more above the oldest unanswered one, or the module may have forgotten what to say about that. */
  #roomFor(requests: number): boolean {
    if (this.#outstanding.size + requests > REQUESTS_OUTSTANDING) return false;
    const [oldest] = this.#outstanding.keys();
    return oldest === undefined || this.#lastId + requests < oldest + ANSWERS_KEPT;
  }

  #send(frame: Frame, link: number): void {
    for (const request of frame.requests) {
      request.id = this.#nextId();
      this.#outstanding.set(request.id, { request, frame });
    }
    this.#write(frame, link);
  }

  #write(frame: Frame, link: number): void {
    frame.resendAtMs = this.#options.clock.nowMs() + frame.resendAfterMs;
    try {
      this.#options.write(frameLine(frame, link));
    } catch (error) {
      for (const request of frame.requests) {
        this.#outstanding.delete(request.id);
        request.reject(asError(error));
      }
    }
  }

  #resend(frame: Frame, link: number, now: number): void {
    frame.resendAfterMs = Math.min(frame.resendAfterMs * 2, this.#firstResendMs * RESEND_GROWTH);
    frame.resendAtMs = now + frame.resendAfterMs;
    this.#write(frame, link);
  }

  #expire(frame: Frame): void {
    for (const request of frame.requests) {
      this.#outstanding.delete(request.id);
      request.reject(timeoutError(request.method, frame.budgetMs));
    }
  }

  #answered(answer: Answer): 'taken' | 'hello' | 'stray' {
    if (answer.id === null) return 'stray';
    if (answer.id === this.#hello?.id) return this.#hello.take(answer) ? 'hello' : 'taken';
    const entry = this.#outstanding.get(answer.id);
    // The second answer to a request that was sent twice.
    if (entry === undefined) return 'taken';
    if ('error' in answer) this.#refused(answer.id, entry.request, answer.error);
    else {
      this.#outstanding.delete(answer.id);
      entry.request.resolve(answer.result);
    }
    this.#pump();
    return 'taken';
  }

  #refused(id: number, request: PendingRequest, refusal: Refusal): void {
    const name = findShimErrorName(refusal.code);
    if (name === 'STALE_LINK' || name === 'NO_SESSION') {
      // It stays outstanding: once a session runs again it is sent again, or all are given up.
      this.#fence(name);
      return;
    }
    this.#outstanding.delete(id);
    request.reject(refusalError(request.method, refusal));
  }

  #fence(refusal: 'STALE_LINK' | 'NO_SESSION'): void {
    // While paused it is an answer to what was written before; sixteen refusals are one reason to say hello.
    if (this.#link === undefined || this.#isFenced) return;
    this.#isFenced = true;
    this.#options.onFenced(refusal);
  }

  #unanswered(): ReadonlySet<Frame> {
    return new Set([...this.#outstanding.values()].map(({ frame }) => frame));
  }

  #nextId(): number {
    if (this.#lastId === REQUEST_ID_MAX) {
      throw new HarnessError('HARNESS_BUG', 'request ids are used up: open a new session', { where: 'rpc' });
    }
    this.#lastId += 1;
    return this.#lastId;
  }
}

/** Cheap, so that every message can be asked. */
function isAnswer(message: unknown): boolean {
  return typeof message === 'object' && message !== null && ('result' in message || 'error' in message);
}
