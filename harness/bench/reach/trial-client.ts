import { HarnessError } from '../../errors.ts';
import type { Call } from '../../module/call.ts';
import type { SlotCallParams } from '../../module/call-desk.ts';
import type { ModuleProxy } from '../../module/module-proxy.ts';
import type { ConnectInfo, ShimText } from '../../protocol/arguments.ts';
import { ERROR_CODES } from '../../protocol/codes.ts';
import type { CallMethod } from '../../protocol/methods.ts';
import type { EnterOf } from '../../protocol/module-event.ts';
import { CONNECT_MS, REQUEST_MS, RETURN_MS } from './trial-deadlines.ts';

export interface Returned {
  readonly ret: number;
  /** The client variable after the call. */
  readonly handle: number;
  /** The task that made it. */
  readonly task: number;
  /** When it returned, ms since the module's start. */
  readonly atMs: number;
  readonly call: Call;
}

/**
 * A client on a slot that was free, outside of any scenario; deinitialised at the end, whatever happened.
 *
 * Every method: @throws HarnessError WAIT_EXPIRED, MODULE_RESET, PORT_LOST
 */
export class TrialClient implements AsyncDisposable {
  readonly slot: number;
  readonly #module: ModuleProxy;
  #isInitialised = false;

  /** @throws HarnessError PROTOCOL — all slots are taken, by what ran before */
  static async onFreeSlot(module: ModuleProxy): Promise<TrialClient> {
    const slots = await module.slots();
    const slot = slots.indexOf('free');
    if (slot >= 0) return new TrialClient(module, slot);
    const saw = slots.join(', ');
    throw new HarnessError('PROTOCOL', `no client slot of the shim is free (${saw}): reset the module`, { saw });
  }

  private constructor(module: ModuleProxy, slot: number) {
    this.#module = module;
    this.slot = slot;
  }

  async init(cid = 1): Promise<Returned> {
    const returned = await this.#call('mqtt.init', { slot: this.slot, cid });
    this.#isInitialised = returned.ret === ERROR_CODES.MQTTCLIENT_SUCCESS;
    return returned;
  }

  connect(host: string, info: ConnectInfo): Promise<Returned> {
    return this.#call('mqtt.connect', { slot: this.slot, host, info });
  }

  /** Of a connect. */
  async connectStatus({ call }: Returned): Promise<EnterOf<'connect'>> {
    return await call.entered('connect', CONNECT_MS);
  }

  /** The time by both clocks, from a call that does nothing. */
  async timed(
    nowMs: () => number,
  ): Promise<{ readonly moduleMs: number; readonly askedMs: number; readonly tookMs: number }> {
    const askedMs = nowMs();
    const { atMs } = await this.#call('mqtt.is_connected', { slot: this.slot });
    return { moduleMs: atMs, askedMs, tookMs: nowMs() - askedMs };
  }

  setInpubCallback(): Promise<Returned> {
    return this.#call('mqtt.set_inpub_callback', { slot: this.slot });
  }

  subscribe(topic: string, qos: number): Promise<Returned> {
    return this.#call('mqtt.sub_unsub', { slot: this.slot, topic, qos, sub: 1 });
  }

  publish(topic: string, payload: ShimText, qos: number): Promise<Returned> {
    return this.#call('mqtt.publish', { slot: this.slot, topic, payload, qos, retain: 0 });
  }

  /** Of a subscribe or publish. */
  async requestResult({ call }: Returned): Promise<EnterOf<'request'>> {
    return await call.entered('request', REQUEST_MS);
  }

  disconnect(): Promise<Returned> {
    return this.#call('mqtt.disconnect', { slot: this.slot });
  }

  async disconnectResult({ call }: Returned): Promise<EnterOf<'disconnect'>> {
    return await call.entered('disconnect', REQUEST_MS);
  }

  /** The next message; ask before it is sent. */
  received(): Promise<EnterOf<'inpub'>> {
    return this.#next('inpub');
  }

  /** The next loss; ask before it happens. */
  exception(): Promise<EnterOf<'exception'>> {
    return this.#next('exception');
  }

  async deinit(): Promise<Returned> {
    this.#isInitialised = false;
    return await this.#call('mqtt.deinit', { slot: this.slot });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What went wrong before is what counts; a module that is gone has no client any more.
    if (this.#isInitialised) await this.deinit().catch(() => undefined);
  }

  async #call<M extends CallMethod>(method: M, params: SlotCallParams<M>): Promise<Returned> {
    const call = await this.#module.call(method, params);
    const { ret, handle = 0, task, t: atMs } = await call.returned(RETURN_MS);
    return { ret, handle, task, atMs, call };
  }

  #next<C extends 'inpub' | 'exception'>(cb: C): Promise<EnterOf<C>> {
    const what = { inpub: 'the message to come back', exception: 'the exception callback' }[cb];
    const next = this.#module.nextCallback({ slot: this.slot, cb }, { reason: what, budgetMs: REQUEST_MS });
    next.catch(() => undefined); // awaited later, or not at all if what was to cause it failed
    return next;
  }
}
