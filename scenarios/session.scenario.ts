import { hold } from '../broker/faults/hold.ts';
import { ERROR_CODES } from '../harness/protocol/codes.ts';
import { type Rig, scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient, initialisedClient } from './support/connected-client.ts';
import { REFUSALS } from './support/results.ts';

const AWAY = 'sent while the client was away';

/** A client that subscribed in a session of this kind, went away and missed a message of QoS 1. */
async function clientThatMissedOne(rig: Rig, cleanSession: 0 | 1) {
  const client = await connectedClient(rig, { info: { cleanSession } });
  await completed(rig, await client.subscribe(rig.topic('missed'), 1), 'M-10.request-callback');
  await completed(rig, await client.disconnect(), 'M-12.disconnect-callback');
  await rig.connectionClosed();
  await rig.broker.publish({ topic: rig.topic('missed'), payload: AWAY, qos: 1 });
  return client;
}

scenario({
  id: 'session/kept',
  title: 'with clean session 0 a message that was sent while the client was away is brought after it came back',
  clauses: ['M-5.clean-session', 'M-13.incoming', 'MQTT-3.1.2-4', 'M-17.reconnect'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await clientThatMissedOne(rig, 0);
    const listener = await rig.listener();
    // Held until there is a callback for it: whether one that was set before outlives the connect is another question.
    const gate = listener.gate({ dir: 'down', type: 'PUBLISH' }, hold());
    rig.expect.faultFired(gate.name, 'M-5.clean-session');

    await completed(rig, await client.connect({ info: { cleanSession: 0 } }), 'M-17.reconnect');
    const setCallback = await client.setInpubCallback();
    const received = client.received();
    await rig.wait('the message comes to the gate', rig.deadlines.requestMs, (ms) => gate.waitForCount(1, ms));
    gate.close();
    await received;

    rig.expect.returns(setCallback, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-13.set-inpub-callback');
    rig.expect.frame({ dir: 'up', type: 'CONNECT', where: { cleanSession: false } }, { min: 2 }, 'M-5.clean-session');
    rig.expect.incoming(client, { topic: rig.topic('missed'), count: 1 }, 'M-5.clean-session');
  },
});

for (const [name, before] of [
  ['clean', 1],
  ['cleaned', 0],
] as const) {
  scenario({
    id: `session/${name}`,
    title: `with clean session 1, after a session with ${before}, nothing of what was missed is brought`,
    clauses: ['M-5.clean-session', 'MQTT-3.1.2-6', 'M-17.reconnect'],
    over: ['mqtt'],
    async run(rig) {
      const client = await clientThatMissedOne(rig, before);

      const setCallback = await client.setInpubCallback();
      await completed(rig, await client.connect({ info: { cleanSession: 1 } }), 'M-17.reconnect');
      await completed(rig, await client.subscribe(rig.topic('live'), 1), 'M-10.request-callback');
      const received = client.received();
      await rig.broker.publish({ topic: rig.topic('live'), payload: 'what was missed would lie before me', qos: 1 });
      await received;

      rig.expect.returns(setCallback, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-13.set-inpub-callback');
      rig.expect.incoming(client, { topic: rig.topic('missed'), count: 0 }, 'MQTT-3.1.2-6');
      rig.expect.incoming(client, { topic: rig.topic('live'), count: 1 }, 'M-13.incoming');
    },
  });
}

scenario({
  id: 'session/second-connect',
  title: 'a connect on a session that is up is refused and sends nothing',
  clauses: ['M-3.second-connect', 'MQTT-3.1.0-2', 'M-14.is-connected'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await connectedClient(rig);

    const second = await client.connect();
    const isConnected = await client.isConnected();

    rig.expect.returns(second, REFUSALS, 'M-3.second-connect');
    rig.expect.returns(isConnected, [1], 'M-14.is-connected');
    rig.expect.frame({ dir: 'up', type: 'CONNECT' }, { min: 1, max: 1 }, 'MQTT-3.1.0-2');
  },
});

scenario({
  id: 'session/second-connect-too-early',
  title: 'a connect while another waits for its CONNACK is refused, and the first one still succeeds',
  clauses: ['M-3.second-connect', 'M-4.connect-callback', 'M-14.is-connected'],
  over: ['mqtt'],
  async run(rig) {
    const listener = await rig.listen();
    const gate = listener.gate({ dir: 'down', type: 'CONNACK' }, hold());
    rig.expect.faultFired(gate.name, 'M-3.second-connect');
    const client = await initialisedClient(rig);

    const first = await client.connect();
    await rig.wait('the CONNACK comes to the gate', rig.deadlines.connectMs, (ms) => gate.waitForCount(1, ms));
    const isConnected = await client.isConnected();
    const second = await client.connect();
    gate.close();

    await completed(rig, first, 'M-4.connect-callback');
    rig.expect.returns(isConnected, [0], 'M-14.is-connected');
    rig.expect.returns(second, REFUSALS, 'M-3.second-connect');
  },
});
