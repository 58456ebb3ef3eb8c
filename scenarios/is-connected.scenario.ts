import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient, initialisedClient } from './support/connected-client.ts';

scenario({
  id: 'is-connected/follows-the-session',
  title: 'ql_mqtt_client_is_connected is 1 while the session stands and 0 after it was ended',
  clauses: ['M-14.is-connected'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await connectedClient(rig);

    const during = await client.isConnected();
    await completed(rig, await client.disconnect(), 'M-12.disconnect-callback');
    const after = await client.isConnected();

    rig.expect.returns(during, [1], 'M-14.is-connected');
    rig.expect.returns(after, [0], 'M-14.is-connected');
  },
});

scenario({
  id: 'is-connected/idle',
  title: 'ql_mqtt_client_is_connected is 0 before any connection',
  clauses: ['M-14.is-connected'],
  async run(rig) {
    const client = await initialisedClient(rig);

    const isConnected = await client.isConnected();

    rig.expect.returns(isConnected, [0], 'M-14.is-connected');
  },
});

scenario({
  id: 'is-connected/null-client',
  title: 'ql_mqtt_client_is_connected of no client is 0',
  clauses: ['M-14.is-connected'],
  async run(rig) {
    const isConnected = await rig.client().isConnected({ client: 'null' });

    rig.expect.returns(isConnected, [0], 'M-14.is-connected');
  },
});
