import { ERROR_CODES } from '../../harness/protocol/codes.ts';
import type { Client, ConnectArguments } from '../../harness/rig/client.ts';
import type { Rig } from '../../harness/rig/rig.ts';
import { completed } from './completed.ts';

/** A client that was initialised on the next free slot. */
export async function initialisedClient(rig: Rig): Promise<Client> {
  const client = rig.client();
  const init = await client.init();
  rig.expect.returns(init, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-1.init');
  if (init.ret !== ERROR_CODES.MQTTCLIENT_SUCCESS) rig.stop(`ql_mqtt_client_init returned ${init.ret}`);
  return client;
}

/** A client with an established session: initialised, connected, connection callback 0. */
export async function connectedClient(rig: Rig, args: ConnectArguments = {}): Promise<Client> {
  const client = await initialisedClient(rig);
  const connect = await client.connect(args);
  await completed(rig, connect, 'M-4.connect-callback');
  return client;
}
