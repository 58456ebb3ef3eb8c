import { ERROR_CODES } from '../../harness/protocol/codes.ts';
import type { ReturnedCall } from '../../harness/rig/client.ts';
import type { Rig } from '../../harness/rig/rig.ts';
import { NOT_SECURED } from './failed-connect.ts';
import { REFUSALS } from './results.ts';

/**
 * Expects that a connect for which TLS can't be set up fails closed: it is refused or called back with a failure, and no
 * CONNECT reaches the server. Resolves when the server, too, is done with the connection.
 */
export async function unsecuredConnect(rig: Rig, connect: ReturnedCall, clause: string): Promise<void> {
  rig.expect.frame({ dir: 'up', type: 'CONNECT' }, { max: 0 }, clause);
  if (connect.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) {
    rig.expect.callback(connect, NOT_SECURED, clause);
    await connect.callback();
  } else rig.expect.returns(connect, REFUSALS, clause);
  await rig.connectionClosed();
}
