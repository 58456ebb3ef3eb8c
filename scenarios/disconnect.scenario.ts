import { ERROR_CODES } from '../harness/protocol/codes.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient, initialisedClient } from './support/connected-client.ts';

scenario({
  id: 'disconnect/orderly',
  title: 'ql_mqtt_disconnect says DISCONNECT, closes the connection and reports it, without an exception',
  clauses: ['M-12.disconnect-packet', 'M-12.disconnect-callback', 'MQTT-3.14.4-1'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await connectedClient(rig);

    const disconnect = await client.disconnect();

    await completed(rig, disconnect, 'M-12.disconnect-callback');
    await rig.connectionClosed();
  },
});

scenario({
  id: 'disconnect/not-connected',
  title: 'ql_mqtt_disconnect without a session is refused',
  clauses: ['M-2.not-connect'],
  async run(rig) {
    const client = await initialisedClient(rig);

    const disconnect = await client.disconnect();

    rig.expect.returns(disconnect, [ERROR_CODES.MQTTCLIENT_NOT_CONNECT], 'M-2.not-connect');
  },
});
