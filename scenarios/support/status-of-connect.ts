import { ERROR_CODES } from '../../harness/protocol/codes.ts';
import type { ReturnedCall } from '../../harness/rig/client.ts';

/** What became of a connect that nobody knows the right end of: its callback's status, or what it returned if it was refused. */
export async function statusOfConnect(connect: ReturnedCall): Promise<number> {
  if (connect.ret !== ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) return connect.ret;
  const told = await connect.callback();
  return 'status' in told ? told.status : connect.ret;
}
