import type { CallbackKind, EnterEvent, EnterOf, RetEvent } from '../protocol/module-event.ts';
import type { Wait, Waits } from './waits.ts';

type CallWait = { readonly cb: CallbackKind; readonly wait: Wait<EnterEvent> };

/** A `ql_mqtt_*` call that the module has accepted. What it hears before it is asked is kept. */
export class Call {
  readonly token: number;
  readonly method: string;
  readonly slot: number;
  readonly #waits: Waits;
  readonly #entered = new Map<CallbackKind, EnterEvent>();
  #ret: RetEvent | undefined;
  #retWaits: Wait<RetEvent>[] = [];
  #enterWaits: CallWait[] = [];

  constructor(token: number, method: string, slot: number, waits: Waits) {
    this.token = token;
    this.method = method;
    this.slot = slot;
    this.#waits = waits;
  }

  /**
   * The call's return, also if it has come already.
   *
   * @throws HarnessError WAIT_EXPIRED — within the budget it did not return
   * @throws HarnessError MODULE_RESET, PORT_LOST — it can't return any more
   */
  returned(budgetMs: number): Promise<RetEvent> {
    const wait = this.#waits.begin<RetEvent>({ reason: `${this.#name} to return`, budgetMs });
    if (this.#ret === undefined) this.#retWaits.push(wait);
    else wait.settle(this.#ret);
    return wait.promise;
  }

  /**
   * The first callback of this kind that carries this call's token, also if it has come already. Errors as with `returned`.
   */
  entered<C extends CallbackKind>(cb: C, budgetMs: number): Promise<EnterOf<C>>;
  entered(cb: CallbackKind, budgetMs: number): Promise<EnterEvent> {
    const wait = this.#waits.begin<EnterEvent>({ reason: `the ${cb} callback of ${this.#name}`, budgetMs });
    const entered = this.#entered.get(cb);
    if (entered === undefined) this.#enterWaits.push({ cb, wait });
    else wait.settle(entered);
    return wait.promise;
  }

  /** For the session: an event that carries this call's token. */
  hear(event: RetEvent | EnterEvent): void {
    if (event.e === 'ret') this.#hearReturn(event);
    else this.#hearEnter(event);
  }

  #hearReturn(event: RetEvent): void {
    // An armed reaction may run again under the same token: the first return counts.
    this.#ret ??= event;
    for (const wait of this.#retWaits.splice(0)) wait.settle(event);
  }

  #hearEnter(event: EnterEvent): void {
    if (this.#entered.has(event.cb)) return;
    this.#entered.set(event.cb, event);
    for (const { cb, wait } of this.#enterWaits) if (cb === event.cb) wait.settle(event);
    this.#enterWaits = this.#enterWaits.filter(({ cb }) => cb !== event.cb);
  }

  get #name(): string {
    return `${this.method} on slot ${this.slot}`;
  }
}
