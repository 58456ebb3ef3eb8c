import { ERROR_CODES } from '../../harness/protocol/codes.ts';
import type { ReturnedCall } from '../../harness/rig/client.ts';
import type { Rig } from '../../harness/rig/rig.ts';

/** Expects that a call returned WOUNDBLOCK, and stops the scenario when it did not: its answer is what follows. */
export function sent(rig: Rig, call: ReturnedCall): ReturnedCall {
  rig.expect.returns(call, [ERROR_CODES.MQTTCLIENT_WOUNDBLOCK], 'M-2.wouldblock');
  if (call.ret !== ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) rig.stop(`${call.fn} returned ${call.ret}, not WOUNDBLOCK`);
  return call;
}
