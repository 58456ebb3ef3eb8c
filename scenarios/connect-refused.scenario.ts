import { connackPeer } from '../broker/peers/behaviours.ts';
import { CONNECTION_STATUSES, ERROR_CODES } from '../harness/protocol/codes.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { initialisedClient } from './support/connected-client.ts';
import { failedConnect } from './support/failed-connect.ts';
import { nextConnection } from './support/next-connection.ts';
import { recordedEnd, TELLING_TLS } from './support/recorded-end.ts';

const REFUSALS = [
  { code: CONNECTION_STATUSES.MQTT_CONNECT_REFUSED_PROTOCOL_VERSION, clause: 'M-7.refused-protocol-version' },
  { code: CONNECTION_STATUSES.MQTT_CONNECT_REFUSED_IDENTIFIER, clause: 'M-7.refused-identifier' },
  { code: CONNECTION_STATUSES.MQTT_CONNECT_REFUSED_SERVER, clause: 'M-7.refused-server' },
  { code: CONNECTION_STATUSES.MQTT_CONNECT_REFUSED_USERNAME_PASS, clause: 'M-7.refused-username-pass' },
  { code: CONNECTION_STATUSES.MQTT_CONNECT_REFUSED_NOT_AUTHORIZED, clause: 'M-7.refused-not-authorized' },
] as const;

for (const { code, clause } of REFUSALS) {
  scenario({
    id: `connect-refused/connack-${code}`,
    title: `CONNACK ${code} is reported as status ${code}, and leaves no session behind`,
    clauses: [clause, 'M-4.connect-callback', 'M-6.session-before', 'M-14.is-connected'],
    over: ['mqtt', 'mqtts'],
    async run(rig) {
      await rig.listen({ peer: connackPeer(code) });
      const client = await initialisedClient(rig);

      const connect = await client.connect();
      await failedConnect(rig, connect, [code], clause);
      const isConnected = await client.isConnected();

      rig.expect.returns(isConnected, [0], 'M-14.is-connected');
      rig.expect.exception(client, 0, 'M-6.session-before');
      await rig.connectionClosed();
    },
  });
}

for (const code of [6, 255]) {
  scenario({
    id: `connect-refused/reserved-${code}`,
    title: `a CONNACK with the reserved code ${code} is no session, and is reported with a listed status`,
    clauses: ['M-7.status-values', 'M-14.is-connected'],
    async run(rig) {
      await rig.listen({ peer: connackPeer(code) });
      const client = await initialisedClient(rig);

      const connect = await client.connect();
      rig.expect.returns(connect, [ERROR_CODES.MQTTCLIENT_WOUNDBLOCK], 'M-2.wouldblock');
      const told = await connect.callback();
      const isConnected = await client.isConnected();

      // Which one it takes is nobody's word; that it is a listed one is a rule's to say.
      if ('status' in told) rig.observe('M-7.status-values', `status of CONNACK ${code}`, told.status);
      rig.expect.returns(isConnected, [0], 'M-14.is-connected');
    },
  });
}

scenario({
  id: 'connect-refused/then-accepted',
  title: 'a client that was refused closes its connection, and connects again',
  clauses: ['M-17.reconnect', 'M-12.connection-closes', 'M-7.refused-server', 'D-26'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const { MQTT_CONNECT_REFUSED_SERVER } = CONNECTION_STATUSES;
    // The server leaves its side open: closing is up to the module.
    const peer = connackPeer(MQTT_CONNECT_REFUSED_SERVER, 'stay');
    const listener = await rig.listen({ peer, tls: TELLING_TLS });
    const client = await initialisedClient(rig);
    const connecting = nextConnection(rig);
    await failedConnect(rig, await client.connect(), [MQTT_CONNECT_REFUSED_SERVER], 'M-7.refused-server');
    await recordedEnd(rig, await connecting, 'a refusal');

    listener.serve({ peer: 'aedes' });
    const again = await client.connect();

    await completed(rig, again, 'M-17.reconnect');
  },
});
