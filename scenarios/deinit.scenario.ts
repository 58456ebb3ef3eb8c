import { ERROR_CODES } from '../harness/protocol/codes.ts';
import { scenario } from '../harness/run/scenario.ts';
import { connectedClient, initialisedClient } from './support/connected-client.ts';

scenario({
  id: 'deinit/idle',
  title: 'ql_mqtt_client_deinit releases a client that never connected',
  clauses: ['M-15.deinit'],
  async run(rig) {
    const client = await initialisedClient(rig);

    const deinit = await client.deinit();

    rig.expect.returns(deinit, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-15.deinit');
  },
});

scenario({
  id: 'deinit/while-connected',
  title: 'nothing is called back after ql_mqtt_client_deinit of a connected client',
  clauses: ['M-15.deinit', 'M-15.no-callback-after-deinit'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await connectedClient(rig);

    const deinit = await client.deinit();

    rig.expect.returns(deinit, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-15.deinit');
    await rig.connectionClosed();
  },
});

scenario({
  id: 'deinit/refuses-a-null-client',
  title: 'ql_mqtt_client_deinit without a client is an invalid parameter',
  clauses: ['M-2.invalid-param'],
  async run(rig) {
    const deinit = await rig.client().deinit({ client: 'null' });

    rig.expect.returns(deinit, [ERROR_CODES.MQTTCLIENT_INVALID_PARAM], 'M-2.invalid-param');
  },
});
