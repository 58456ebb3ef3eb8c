import { ERROR_CODES } from '../../harness/protocol/codes.ts';
import type { Client, ReturnedCall } from '../../harness/rig/client.ts';
import type { Rig } from '../../harness/rig/rig.ts';

/** Releases a client while a request of its own is open: what becomes of that is recorded, and nothing comes after. */
export async function deinitWithOpenRequest(
  rig: Rig,
  client: Client,
  request: ReturnedCall,
  where = '',
): Promise<void> {
  using heard = rig.callbacks();

  const deinit = await client.deinit();
  await rig.quiet('nothing is called back');

  rig.expect.returns(deinit, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-15.deinit');
  const answer = heard.answerTo(request.token);
  const fate = answer !== undefined && 'err' in answer ? answer.err : 'no callback';
  rig.observe('D-15', `err of a request that is open at deinit${where}`, fate);
}
