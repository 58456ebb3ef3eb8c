import { CONNECTION_STATUSES, ERROR_CODES } from '../harness/protocol/codes.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { initialisedClient } from './support/connected-client.ts';

scenario({
  id: 'connect/accepted',
  title: 'CONNACK 0 is reported as accepted, once',
  clauses: ['M-3.connect', 'M-4.connect-callback', 'M-4.arg', 'M-7.accepted'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await initialisedClient(rig);

    const connect = await client.connect();

    await completed(rig, connect, 'M-7.accepted');
    rig.expect.frame({ dir: 'up', type: 'CONNECT' }, { min: 1, max: 1 }, 'M-3.connect');
  },
});

scenario({
  id: 'connect/refused-credentials',
  title: 'a broker that does not know the password is reported as its CONNACK code',
  clauses: ['M-4.connect-callback', 'M-7.refused-username-pass', 'M-7.refused-not-authorized'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    await rig.listen({ credentials: { user: 'bench', password: 'right' } });
    const client = await initialisedClient(rig);

    const connect = await client.connect({ info: { user: 'bench', pass: 'wrong' } });

    rig.expect.returns(connect, [ERROR_CODES.MQTTCLIENT_WOUNDBLOCK], 'M-2.wouldblock');
    rig.expect.callback(
      connect,
      [CONNECTION_STATUSES.MQTT_CONNECT_REFUSED_USERNAME_PASS, CONNECTION_STATUSES.MQTT_CONNECT_REFUSED_NOT_AUTHORIZED],
      'M-7.refused-username-pass',
    );
    await connect.callback();
  },
});

scenario({
  id: 'connect/port-closed',
  title: 'a broker that nobody listens for is reported as a failed TCP connection',
  clauses: ['M-7.tcp-connect-failure', 'M-2.tcp-connect-fail'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await initialisedClient(rig);
    const host = await rig.refusedUrl();

    const connect = await client.connect({ host });

    rig.expect.returns(
      connect,
      [ERROR_CODES.MQTTCLIENT_WOUNDBLOCK, ERROR_CODES.MQTTCLIENT_TCP_CONNECT_FAIL],
      'M-2.tcp-connect-fail',
    );
    if (connect.ret !== ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) return;
    rig.expect.callback(connect, [CONNECTION_STATUSES.MQTT_CONNECT_TCP_CONNECTED_FAILURE], 'M-7.tcp-connect-failure');
    await connect.callback();
  },
});

scenario({
  id: 'connect/refuses-a-null-host',
  title: 'ql_mqtt_connect without a host is an invalid parameter',
  clauses: ['M-2.invalid-param'],
  async run(rig) {
    const client = await initialisedClient(rig);

    const connect = await client.connect({ host: null });

    rig.expect.returns(connect, [ERROR_CODES.MQTTCLIENT_INVALID_PARAM], 'M-2.invalid-param');
  },
});
