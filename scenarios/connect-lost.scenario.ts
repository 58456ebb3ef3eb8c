import { encode } from '../broker/frame/encode.ts';
import { answeringPeer } from '../broker/peers/answering-peer.ts';
import { endOnConnectPeer, silentPeer } from '../broker/peers/behaviours.ts';
import { CONNECTION_STATUSES } from '../harness/protocol/codes.ts';
import { scenario } from '../harness/run/scenario.ts';
import { initialisedClient } from './support/connected-client.ts';
import { failedConnect, LOST_EARLY } from './support/failed-connect.ts';
import { nextConnection } from './support/next-connection.ts';
import { recordedEnd } from './support/recorded-end.ts';
import { FAILURES } from './support/results.ts';

const { MQTT_CONNECT_DISCONNECTED, MQTT_CONNECT_TCP_CONNECTED_FAILURE, MQTT_CONNECT_TIMEOUT } = CONNECTION_STATUSES;

/** The module's own bound for the handshake, where the API has one; s. */
const NEGOTIATE_TIMEOUT_S = 2;

const EARLY_ENDS = [
  { stage: 'accept', act: 'fin', scheme: 'mqtt' },
  { stage: 'accept', act: 'rst', scheme: 'mqtt' },
  { stage: 'client-hello', act: 'fin', scheme: 'mqtts' },
  { stage: 'client-hello', act: 'rst', scheme: 'mqtts' },
] as const;

for (const { stage, act, scheme } of EARLY_ENDS) {
  scenario({
    id: `connect-lost/${act}-at-${stage}`,
    title: `a server that sends ${act.toUpperCase()} at ${stage} is reported as a failed or closed connection`,
    clauses: ['M-7.disconnected', 'M-7.tcp-connect-failure', 'M-4.connect-callback'],
    over: [scheme],
    async run(rig) {
      const listener = await rig.listen();
      const fault = listener.connectionFault(stage, act);
      rig.expect.faultFired(fault.name, 'M-7.disconnected');
      const client = await initialisedClient(rig);

      const connect = await client.connect();

      await failedConnect(rig, connect, LOST_EARLY, 'M-7.disconnected');
      rig.expect.exception(client, 0, 'M-6.session-before');
    },
  });
}

for (const how of ['fin', 'rst'] as const) {
  scenario({
    id: `connect-lost/${how}-after-connect`,
    title: `a server that answers CONNECT with ${how.toUpperCase()} is reported as a closed connection`,
    clauses: ['M-7.disconnected', 'M-4.connect-callback', 'M-6.session-before'],
    over: ['mqtt', 'mqtts'],
    async run(rig) {
      await rig.listen({ peer: endOnConnectPeer(how) });
      const client = await initialisedClient(rig);

      const connect = await client.connect();

      await failedConnect(rig, connect, [MQTT_CONNECT_DISCONNECTED], 'M-7.disconnected');
      rig.expect.exception(client, 0, 'M-6.session-before');
    },
  });
}

scenario({
  id: 'connect-lost/half-a-connack',
  title: 'half a CONNACK is none: what follows it is reported as a closed connection',
  clauses: ['M-7.disconnected', 'R-8.truncation'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const connackStart = Buffer.from([0x20, 0x02, 0x00]);
    await rig.listen({ peer: answeringPeer({ CONNECT: () => [connackStart, 'truncate'] }, 'half a CONNACK') });
    const client = await initialisedClient(rig);

    const connect = await client.connect();

    await failedConnect(rig, connect, [MQTT_CONNECT_DISCONNECTED], 'R-8.truncation');
  },
});

scenario({
  id: 'connect-lost/no-connack',
  title: 'a server that never answers CONNECT is reported as a time-out, once',
  clauses: ['M-7.timeout', 'M-4.connect-callback', 'M-14.is-connected', 'D-8', 'D-26'],
  over: ['mqtt'],
  async run(rig) {
    await rig.listen({ peer: silentPeer() });
    const client = await initialisedClient(rig);
    const connecting = nextConnection(rig);

    const connect = await client.connect();
    const during = await client.isConnected();
    const told = await failedConnect(rig, connect, [MQTT_CONNECT_TIMEOUT], 'M-7.timeout');
    rig.observe('D-8', 'a CONNACK that never comes is given up after, ms', told.t - connect.atMs);

    rig.expect.returns(during, [0], 'M-14.is-connected');
    await recordedEnd(rig, await connecting, 'a missing CONNACK');
  },
});

scenario({
  id: 'connect-lost/no-server-hello',
  title: 'a TLS handshake that makes no progress is given up and reported',
  clauses: ['R-10.handshake-bounded', 'M-4.connect-callback', 'D-8'],
  over: ['mqtts'],
  async run(rig) {
    const listener = await rig.listen();
    const fault = listener.connectionFault('client-hello', 'silence');
    rig.expect.faultFired(fault.name, 'R-10.handshake-bounded');
    const client = await initialisedClient(rig);
    const isBounded = rig.features.includes('ssl-ext');
    const bound = isBounded ? { negotiateTimeout: NEGOTIATE_TIMEOUT_S } : {};

    const connect = await client.connect({ info: { ssl: rig.ssl(bound) } });

    const statuses = [MQTT_CONNECT_TCP_CONNECTED_FAILURE, MQTT_CONNECT_TIMEOUT];
    const told = await failedConnect(rig, connect, statuses, 'R-10.handshake-bounded');
    const what = isBounded ? `with a bound of ${NEGOTIATE_TIMEOUT_S} s` : 'that makes no progress';
    rig.observe('D-8', `a TLS handshake ${what} is given up after, ms`, told.t - connect.atMs);
    await rig.connectionClosed();
  },
});

scenario({
  id: 'connect-lost/connack-with-reserved-flags',
  title: 'a CONNACK with reserved flags is no session',
  clauses: ['MQTT-4.8.0-1', 'M-4.connect-callback', 'M-14.is-connected', 'D-26'],
  async run(rig) {
    await rig.listen({ peer: answeringPeer({ CONNECT: () => encode.hex('20 02 02 00') }) });
    const client = await initialisedClient(rig);
    const connecting = nextConnection(rig);

    const connect = await client.connect();
    await failedConnect(rig, connect, FAILURES, 'MQTT-4.8.0-1');
    const isConnected = await client.isConnected();

    rig.expect.returns(isConnected, [0], 'M-14.is-connected');
    await recordedEnd(rig, await connecting, 'an illegal packet');
  },
});

scenario({
  id: 'connect-lost/publish-before-connack',
  title: 'what a PUBLISH that comes before CONNACK does is recorded',
  clauses: ['D-24', 'M-13.within-session', 'A-1.no-reset'],
  async run(rig) {
    const early = encode.publish({ topic: rig.topic('in'), payload: 'too early' });
    await rig.listen({ peer: answeringPeer({ CONNECT: () => [early, encode.connack(0)] }) });
    const client = await initialisedClient(rig);
    await client.setInpubCallback();

    const connect = await client.connect();
    const told = await connect.callback();

    if ('status' in told) rig.observe('D-24', 'status of a connect with a PUBLISH before CONNACK', told.status);
  },
});
