import { hold } from '../broker/faults/hold.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient, initialisedClient } from './support/connected-client.ts';
import { sent } from './support/sent.ts';

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

scenario({
  id: 'is-connected/before-connack',
  title: 'ql_mqtt_client_is_connected is 0 until CONNACK has come',
  clauses: ['M-14.is-connected'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await initialisedClient(rig);
    const listener = await rig.listener();
    const gate = listener.gate({ dir: 'down', type: 'CONNACK' }, hold());
    const connect = sent(rig, await client.connect());
    await rig.wait('CONNACK is held', rig.deadlines.connectMs, (budgetMs) => gate.waitForCount(1, budgetMs));

    const before = await client.isConnected();
    gate.release();
    await completed(rig, connect, 'M-4.connect-callback');
    const after = await client.isConnected();

    rig.expect.returns(before, [0], 'M-14.is-connected');
    rig.expect.returns(after, [1], 'M-14.is-connected');
  },
});

scenario({
  id: 'is-connected/released',
  title: 'ql_mqtt_client_is_connected of a client that was released is 0',
  clauses: ['M-14.is-connected', 'M-15.stale-handle'],
  async run(rig) {
    const client = await connectedClient(rig);
    await client.deinit();

    const isConnected = await client.isConnected();

    rig.expect.returns(isConnected, [0], 'M-14.is-connected');
  },
});
