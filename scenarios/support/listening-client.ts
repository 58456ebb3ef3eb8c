import { ERROR_CODES } from '../../harness/protocol/codes.ts';
import type { Client, ConnectArguments } from '../../harness/rig/client.ts';
import type { Rig } from '../../harness/rig/rig.ts';
import { connectedClient } from './connected-client.ts';

/** A client with a session and a callback for incoming messages. */
export async function listeningClient(rig: Rig, args: ConnectArguments = {}): Promise<Client> {
  const client = await connectedClient(rig, args);
  const setCallback = await client.setInpubCallback();
  rig.expect.returns(setCallback, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-13.set-inpub-callback');
  return client;
}
