import { CONNECTION_STATUSES } from '../harness/protocol/codes.ts';
import { scenario } from '../harness/run/scenario.ts';
import { brought } from './support/brought.ts';
import { completed } from './support/completed.ts';
import { connectedClient, initialisedClient } from './support/connected-client.ts';
import { deinitWithOpenRequest } from './support/deinit-with-open-request.ts';
import { failedConnect } from './support/failed-connect.ts';
import { listeningClient } from './support/listening-client.ts';
import { sent } from './support/sent.ts';

const { MQTT_CONNECT_TCP_CONNECTED_FAILURE, MQTT_CONNECT_TIMEOUT } = CONNECTION_STATUSES;
/** The shortest that there is: it is whole seconds on the wire. */
const KEEP_ALIVE_S = 1;

/** As many requests as one client has under way. */
const MESSAGES = ['first', 'second', 'third', 'fourth'] as const;
/** About a packet. */
const PAYLOAD_LENGTH = 1_300;
/** A third of a second for all messages of a way; more than two of them at once don't fit. */
const SLOW = { rateKbit: 128, limitBytes: 3_000 };

scenario({
  id: 'network/connect-into-a-black-hole',
  title: 'a connect whose packets are all lost is reported once, as a time-out or as no connection',
  clauses: [
    'M-7.timeout',
    'M-7.tcp-connect-failure',
    'M-4.connect-callback',
    'M-6.session-before',
    'M-17.reconnect',
    'D-8',
  ],
  needs: ['network-black-hole'],
  async run(rig) {
    await rig.listen();
    const client = await initialisedClient(rig);
    await using hole = await rig.network.blackHole();

    const connect = await client.connect();
    await hole.acted(rig.deadlines.returnMs);

    // What makes no progress has both names in the manual: there is no answer in time, and no TCP connection either.
    const told = await failedConnect(
      rig,
      connect,
      [MQTT_CONNECT_TIMEOUT, MQTT_CONNECT_TCP_CONNECTED_FAILURE],
      'M-7.timeout',
    );
    if ('status' in told) rig.observe('D-8', 'status of a connect into a black hole', told.status);
    rig.observe('D-8', 'a connect into a black hole is given up after, ms', told.t - connect.atMs);
    rig.expect.exception(client, 0, 'M-6.session-before');
    await hole.lift();
    await completed(rig, await client.connect(), 'M-4.connect-callback');
  },
});

scenario({
  id: 'network/session-in-a-black-hole',
  title:
    'a session whose network swallows everything is broken off by the keep-alive, told once, and the client can connect again',
  clauses: ['M-6.keep-alive-timeout', 'M-6.exception', 'M-6.once', 'M-17.reconnect', 'D-8'],
  needs: ['network-black-hole'],
  async run(rig) {
    const client = await connectedClient(rig, { info: { keepAlive: KEEP_ALIVE_S } });
    const exception = client.exception();
    await using hole = await rig.network.blackHole();
    const began = await rig.module.readClock();
    // Only a hole that swallowed something is one that the module owes an exception for.
    const swallowed = hole.acted(2 * KEEP_ALIVE_S * 1000).then(() => {
      return rig.expect.exception(client, 1, 'M-6.keep-alive-timeout');
    });

    const [told] = await Promise.all([exception, swallowed]);
    await hole.lift();

    rig.observe('D-8', 'a black hole is an exception after, ms', told.t - began);
    await completed(rig, await client.connect(), 'M-4.connect-callback');
  },
});

for (const way of ['up', 'down'] as const) {
  const lost = way === 'up' ? 'PUBLISH' : 'PUBACK';
  scenario({
    id: `network/${lost.toLowerCase()}-in-a-black-hole`,
    title: `a black hole that swallows a ${lost} and is shorter than the keep-alive loses nothing`,
    clauses: ['M-10.request-callback', 'M-9.publish', 'M-6.exception', 'M-14.is-connected', 'MQTT-7.1.2-1'],
    needs: ['network-black-hole'],
    async run(rig) {
      const client = await connectedClient(rig);
      await using hole = await rig.network.blackHole(way);

      const publish = await client.publish({ topic: rig.topic('out'), payload: 'through the dark', qos: 1 });
      await hole.acted(rig.deadlines.ackMs);
      await hole.lift();

      await completed(rig, publish, 'M-10.request-callback');
      rig.expect.exception(client, 0, 'M-6.exception');
      rig.expect.returns(await client.isConnected(), [1], 'M-14.is-connected');
    },
  });
}

scenario({
  id: 'network/disconnect-in-a-black-hole',
  title: 'ql_mqtt_disconnect returns and is called back although nobody hears of it, and no exception comes',
  clauses: ['M-12.disconnect-callback', 'M-6.only-abnormal', 'D-8'],
  needs: ['network-black-hole'],
  async run(rig) {
    const client = await connectedClient(rig);
    await using hole = await rig.network.blackHole();

    const disconnect = sent(rig, await client.disconnect());
    const told = await disconnect.callback();
    await hole.acted(rig.deadlines.ackMs);
    await hole.lift();

    if ('err' in told) rig.observe('D-8', 'err of a disconnect in a black hole', told.err);
    rig.observe('D-8', 'a disconnect in a black hole is called back after, ms', told.t - disconnect.atMs);
    rig.expect.exception(client, 0, 'M-6.only-abnormal');
  },
});

scenario({
  id: 'network/deinit-in-a-black-hole',
  title:
    'ql_mqtt_client_deinit releases a client whose network swallows everything, and nothing is called back after it',
  clauses: ['M-15.deinit', 'M-15.no-callback-after-deinit', 'D-15'],
  needs: ['network-black-hole'],
  async run(rig) {
    const client = await connectedClient(rig);
    await using hole = await rig.network.blackHole();
    const publish = sent(rig, await client.publish({ topic: rig.topic('out'), payload: 'open', qos: 1 }));
    await hole.acted(rig.deadlines.ackMs);
    await deinitWithOpenRequest(rig, client, publish, ' in a black hole');
  },
});

for (const qos of [1, 2] as const) {
  scenario({
    id: `network/slow-link-qos-${qos}`,
    title: `messages of QoS ${qos} come through a slow link with a short queue, both ways, in order, each once`,
    clauses: ['M-10.request-callback', 'M-9.publish', 'M-13.each-once', 'M-13.order', 'MQTT-7.1.2-1'],
    needs: ['network-slow'],
    async run(rig) {
      const client = await listeningClient(rig);
      await completed(rig, await client.subscribe(rig.topic('in'), qos), 'M-10.request-callback');
      using heard = rig.callbacks();
      await using link = await rig.network.slow(SLOW);

      const messages = MESSAGES.map((nth) => nth.padEnd(PAYLOAD_LENGTH, '.'));
      for (const payload of messages) await rig.broker.publish({ topic: rig.topic('in'), payload, qos });
      const publishes = [];
      for (const payload of messages) {
        publishes.push(await client.publish({ topic: rig.topic('out'), payload, qos }));
      }
      for (const publish of publishes) await completed(rig, publish, 'M-10.request-callback');
      await brought(heard, client, MESSAGES.length);
      await link.lift();

      rig.expect.incoming(client, { topic: rig.topic('in'), count: MESSAGES.length }, 'M-13.each-once');
    },
  });
}
