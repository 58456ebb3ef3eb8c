import type { Call } from '../module/call.ts';
import type { CallbackKind, EnterEvent } from '../protocol/module-event.ts';
import type { Deadlines } from '../timeline/events.ts';

/** A `ql_mqtt_*` call that has returned on the module. */
export interface ReturnedCall {
  readonly token: number;
  readonly fn: string;
  readonly slot: number;
  /** What the function returned; for the OneNET token 1 is a string, 0 NULL. */
  readonly ret: number;
  /** The client variable's value after the call. */
  readonly handle: number;
  /** The task that made it, by the module's own number. */
  readonly task: number;
  /** When it returned: the module's time since boot, ms. */
  readonly atMs: number;
  /** The string, of the OneNET token. */
  readonly text: string | undefined;
  /**
   * This call's callback, also if it has come already.
   *
   * @throws HarnessError WAIT_EXPIRED — it did not come within the deadline in force
   */
  callback(): Promise<EnterEvent>;
}

/** Waits for the return of a call. @throws HarnessError WAIT_EXPIRED — within `returnMs` it did not */
export async function returnedCall(
  call: Call,
  kind: CallbackKind | undefined,
  deadlines: Deadlines,
): Promise<ReturnedCall> {
  const returned = await call.returned(deadlines.returnMs);
  const { token, fn, slot, ret, handle = 0, task, t: atMs } = returned;
  return {
    token,
    fn,
    slot,
    ret,
    handle,
    task,
    atMs,
    text: returned.text ?? undefined,
    callback: () => {
      if (kind === undefined) throw new TypeError(`${fn} has no callback`);
      return call.entered(kind, kind === 'connect' ? deadlines.connectMs : deadlines.requestMs);
    },
  };
}
