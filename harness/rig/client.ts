import { HarnessError } from '../errors.ts';
import type { SlotCallParams } from '../module/call-desk.ts';
import type { ModuleProxy } from '../module/module-proxy.ts';
import type { ClientPointer, ConnectInfo, ShimText } from '../protocol/arguments.ts';
import type { CallMethod } from '../protocol/methods.ts';
import type { CallbackKind, EnterOf } from '../protocol/module-event.ts';
import type { Deadlines } from '../timeline/events.ts';
import { type ReturnedCall, returnedCall } from './returned-call.ts';

export type { ReturnedCall } from './returned-call.ts';

/** Who the client connects to and as whom, unless the scenario says otherwise. */
export interface ConnectDefaults {
  readonly host: string;
  readonly info: ConnectInfo;
}

/** Arguments that every call may override: which client pointer is passed, and what becomes of the strings after the call. */
export interface CallOptions {
  readonly client?: ClientPointer;
  readonly after?: 'keep' | 'poison';
}

/** Whether a callback or NULL is passed; default a callback. */
export interface CallbackOptions extends CallOptions {
  readonly cb?: boolean;
}

export interface ConnectArguments extends CallbackOptions {
  readonly host?: ShimText;
  /** Merged over the rig's defaults; null passes a NULL pointer. */
  readonly info?: ConnectInfo | null;
  readonly exceptionCb?: boolean;
}

export interface PublishArguments extends CallbackOptions {
  readonly topic: ShimText;
  readonly payload: ShimText;
  readonly length?: number;
  readonly qos?: number;
  readonly retain?: number;
}

export interface OnenetArguments {
  readonly expireTime: number;
  readonly productId: ShimText;
  readonly deviceName: ShimText;
  readonly version: ShimText;
  readonly accessKey: ShimText;
}

/**
 * One client slot of the module, and the nine functions on it. Each resolves when the function has returned on the module.
 *
 * @throws HarnessError WAIT_EXPIRED — the function did not return within the deadline in force
 * @throws HarnessError STOPPED — the module has started again since `init`: what its functions say of a client that is gone proves nothing
 */
export class Client {
  readonly slot: number;
  readonly #module: ModuleProxy;
  readonly #deadlines: Deadlines;
  readonly #defaults: () => Promise<ConnectDefaults>;
  #bootId: string;

  constructor(slot: number, module: ModuleProxy, deadlines: Deadlines, defaults: () => Promise<ConnectDefaults>) {
    this.slot = slot;
    this.#module = module;
    this.#deadlines = deadlines;
    this.#defaults = defaults;
    this.#bootId = module.hello.boot.id;
  }

  init({ cid = 1, ...options }: CallOptions & { readonly cid?: number } = {}): Promise<ReturnedCall> {
    this.#bootId = this.#module.hello.boot.id;
    return this.#call('mqtt.init', { slot: this.slot, cid, ...options });
  }

  /** `ql_mqtt_connect` to the rig's listener, unless told otherwise. */
  async connect({ info, ...options }: ConnectArguments = {}): Promise<ReturnedCall> {
    const defaults = await this.#defaults();
    const merged = info === null ? null : { ...defaults.info, ...info };
    return this.#call('mqtt.connect', { slot: this.slot, host: defaults.host, info: merged, ...options }, 'connect');
  }

  publish({ qos = 0, retain = 0, ...options }: PublishArguments): Promise<ReturnedCall> {
    return this.#call('mqtt.publish', { slot: this.slot, qos, retain, ...options }, 'request');
  }

  subscribe(topic: ShimText, qos: number, options: CallbackOptions = {}): Promise<ReturnedCall> {
    return this.#call('mqtt.sub_unsub', { slot: this.slot, topic, qos, sub: 1, ...options }, 'request');
  }

  unsubscribe(topic: ShimText, options: CallbackOptions = {}): Promise<ReturnedCall> {
    return this.#call('mqtt.sub_unsub', { slot: this.slot, topic, qos: 0, sub: 0, ...options }, 'request');
  }

  disconnect(options: CallbackOptions = {}): Promise<ReturnedCall> {
    return this.#call('mqtt.disconnect', { slot: this.slot, ...options }, 'disconnect');
  }

  setInpubCallback(options: CallbackOptions = {}): Promise<ReturnedCall> {
    return this.#call('mqtt.set_inpub_callback', { slot: this.slot, ...options });
  }

  isConnected(options: CallOptions = {}): Promise<ReturnedCall> {
    return this.#call('mqtt.is_connected', { slot: this.slot, ...options });
  }

  deinit(options: CallOptions = {}): Promise<ReturnedCall> {
    return this.#call('mqtt.deinit', { slot: this.slot, ...options });
  }

  onenetToken(args: OnenetArguments): Promise<ReturnedCall> {
    return this.#call('mqtt.onenet_token', { slot: this.slot, ...args });
  }

  /** The next incoming-publish callback on this slot. Ask before the message is sent. */
  received(): Promise<EnterOf<'inpub'>> {
    return this.#nextCallback('inpub');
  }

  /** The next exception callback on this slot. Ask before the session is broken. */
  exception(): Promise<EnterOf<'exception'>> {
    return this.#nextCallback('exception');
  }

  async #call<M extends CallMethod>(
    method: M,
    params: SlotCallParams<M>,
    callback?: CallbackKind,
  ): Promise<ReturnedCall> {
    this.#checkBoot();
    const call = await this.#module.call(method, params);
    return returnedCall(call, callback, this.#deadlines);
  }

  #checkBoot(): void {
    if (this.#module.hello.boot.id === this.#bootId) return;
    const reason = `the module has started again, and the client on slot ${this.slot} is gone`;
    throw new HarnessError('STOPPED', reason, { reason });
  }

  #nextCallback<C extends 'inpub' | 'exception'>(cb: C): Promise<EnterOf<C>> {
    const reason = `the ${cb} callback on slot ${this.slot}`;
    return this.#module.nextCallback({ slot: this.slot, cb }, { reason, budgetMs: this.#deadlines.requestMs });
  }
}
