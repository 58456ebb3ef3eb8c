import type { HelloResult } from '../protocol/hello-result.ts';
import { CHUNK_BYTES } from '../protocol/limits.ts';
import type { CallMethod, MethodParams, MethodResults } from '../protocol/methods.ts';
import type { CallbackKind, EnterOf, ModuleEvent, ModuleEventOf } from '../protocol/module-event.ts';
import type { Call } from './call.ts';
import type { BatchedCall, SlotCallParams } from './call-desk.ts';
import { putFile } from './put-file.ts';
import { readAll } from './read-all.ts';
import type { ModuleSession } from './session.ts';
import { NETWORK_UP_MS } from './session-timing.ts';
import type { WaitOptions } from './waits.ts';

/** A reaction that is armed, and the calls that it makes, by their tokens. */
export interface Reaction {
  readonly id: number;
  readonly calls: readonly Call[];
}

/** The module under test, a method for each of the shim's. Errors as with `ModuleSession.request` unless said otherwise. */
export class ModuleProxy {
  readonly session: ModuleSession;
  #at: Promise<unknown> = Promise.resolve();

  constructor(session: ModuleSession) {
    this.session = session;
  }

  /** Identity, features, struct layout and boot, of the newest hello. */
  get hello(): HelloResult {
    return this.session.hello;
  }

  /** Has a `ql_mqtt_*` call made; resolves when it is accepted. What became of it is the call's to tell. */
  call<M extends CallMethod>(method: M, params: SlotCallParams<M>): Promise<Call> {
    return this.session.call(method, params);
  }

  /** Has up to 16 calls on one slot made back to back. */
  batch(calls: readonly BatchedCall[]): Promise<readonly Call[]> {
    return this.session.batch(calls);
  }

  /** The next callback of this kind on this slot. @throws HarnessError WAIT_EXPIRED */
  nextCallback<C extends 'inpub' | 'exception'>(
    where: { readonly slot: number; readonly cb: C },
    options: WaitOptions,
  ): Promise<EnterOf<C>> {
    return this.session.nextCallback(where, options);
  }

  /** Resolves when everything that the module had to say so far has been delivered. */
  sync(budgetMs?: number): Promise<void> {
    return this.session.sync(budgetMs);
  }

  /** Has the next callbacks of this kind on this slot make these calls from inside. */
  async armReaction(slot: number, cb: CallbackKind, calls: readonly BatchedCall[], times = 1): Promise<Reaction> {
    const expected = calls.map(({ method, params }) => this.session.expectCall(method, params.slot));
    const armed = calls.map(({ method, params }, index) => ({
      method,
      params: { ...params, token: expected[index]?.token },
    }));
    const { reaction } = await this.session.request('react.arm', { slot, cb, calls: armed, times });
    return { id: reaction, calls: expected };
  }

  /** How often the reaction has fired. */
  async disarmReaction(reaction: Reaction): Promise<number> {
    return (await this.session.request('react.disarm', { reaction: reaction.id })).fired;
  }

  /** The module's time since boot, ms. */
  async readClock(): Promise<number> {
    return (await this.session.request('clock.read', {})).upMs;
  }

  /** The module's idea of the date, seconds since 1970. */
  async readUnixTime(): Promise<number> {
    return (await this.session.request('clock.unix', {})).unixS;
  }

  async setUnixTime(unixS: number): Promise<void> {
    await this.session.request('clock.set', { unixS });
  }

  async slots(): Promise<MethodResults['slots']['slots']> {
    return (await this.session.request('slots', {})).slots;
  }

  /** Heap, stacks and event queue, bytes. */
  stats(): Promise<MethodResults['stats']> {
    return this.session.request('stats', {});
  }

  /** Writes a file and has the module check it. @throws HarnessError RPC_REFUSED FILE_FAILED, CRC_MISMATCH */
  putFile(name: string, bytes: Uint8Array): Promise<void> {
    return putFile(this.session, name, bytes);
  }

  readFile(name: string): Promise<Buffer> {
    return readAll((offset) => this.session.request('file.read', { name, offset, length: CHUNK_BYTES }));
  }

  async removeFile(name: string): Promise<void> {
    await this.session.request('file.remove', { name });
  }

  /** The bytes of a received payload, whole. @throws HarnessError RPC_REFUSED — it is no longer kept */
  readCapture(capture: number): Promise<Buffer> {
    return readAll((offset) => this.session.request('capture.read', { capture, offset, length: CHUNK_BYTES }));
  }

  networkStatus(): Promise<MethodResults['network.status']> {
    return this.session.request('network.status', {});
  }

  /** Brings the data call up; takes up to a minute. @throws HarnessError RPC_REFUSED NETWORK_FAILED */
  networkUp(params: MethodParams['network.up']): Promise<MethodResults['network.up']> {
    return this.session.request('network.up', params, NETWORK_UP_MS);
  }

  async networkDown(profile: number): Promise<void> {
    await this.session.request('network.down', { profile });
  }

  /** Sends an AT command through the module's tunnel, after those before it; resolves with the lines up to the final result code. */
  at(command: string, timeoutMs: number): Promise<readonly string[]> {
    const answer = this.#at.then(() => this.#sendAt(command, timeoutMs));
    this.#at = answer.catch(() => undefined); // whoever sent it learns of it; the next is sent all the same
    return answer;
  }

  /** Has the module restart; the session then comes back by itself, and what waits fails with MODULE_RESET. */
  async reset(why: string): Promise<void> {
    await this.session.request('reset', { why });
  }

  async #sendAt(command: string, timeoutMs: number): Promise<readonly string[]> {
    const heard: ModuleEventOf<'at'>[] = [];
    // Its lines may come before the answer that says which are its own.
    const stop = this.session.observe({ event: (event) => void (event.e === 'at' && heard.push(event)) });
    try {
      const { accepted } = await this.session.request('at.send', { command, timeoutMs });
      const isLast = (event: ModuleEvent): event is ModuleEventOf<'at'> =>
        event.e === 'at' && event.request === accepted && event.done === true;
      const options = { reason: `the answer to ${command}`, budgetMs: timeoutMs + AT_SLACK_MS };
      if (!heard.some(isLast)) await this.session.waitForEvent(isLast, options);
      return heard.filter(({ request }) => request === accepted).map(({ line }) => line);
    } finally {
      stop();
    }
  }
}

/** Beyond the time that the module gives the command itself. */
const AT_SLACK_MS = 2000;
