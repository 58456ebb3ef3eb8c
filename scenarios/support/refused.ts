import { ERROR_CODES } from '../../harness/protocol/codes.ts';
import type { ReturnedCall } from '../../harness/rig/client.ts';
import type { Rig } from '../../harness/rig/rig.ts';
import { FAILURES, REFUSALS } from './results.ts';

/** Expects that a request fails: by what it returned, or by its callback if it announced one. */
export async function refused(rig: Rig, call: ReturnedCall, clause: string): Promise<void> {
  if (call.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) {
    rig.expect.callback(call, FAILURES, clause);
    await call.callback();
  } else rig.expect.returns(call, REFUSALS, clause);
}
