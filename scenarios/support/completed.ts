import { ERROR_CODES } from '../../harness/protocol/codes.ts';
import type { EnterEvent } from '../../harness/protocol/module-event.ts';
import type { ReturnedCall } from '../../harness/rig/client.ts';
import type { Rig } from '../../harness/rig/rig.ts';

/**
 * Waits for the callback of a call that must have returned WOUNDBLOCK, and expects status or err 0 in it.
 *
 * Stops the scenario when the module refused the call or reported anything else: what was to follow needs its success.
 */
export async function completed(rig: Rig, call: ReturnedCall, clause: string): Promise<void> {
  rig.expect.returns(call, [ERROR_CODES.MQTTCLIENT_WOUNDBLOCK], 'M-2.wouldblock');
  if (call.ret !== ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) rig.stop(`${call.fn} returned ${call.ret}, not WOUNDBLOCK`);
  rig.expect.callback(call, [0], clause);
  const result = resultOf(await call.callback());
  if (result !== 0) rig.stop(`the callback of ${call.fn} said ${result}`);
}

function resultOf(callback: EnterEvent): number | undefined {
  if ('status' in callback) return callback.status;
  return 'err' in callback ? callback.err : undefined;
}
