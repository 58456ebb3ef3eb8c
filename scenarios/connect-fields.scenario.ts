import { ERROR_CODES } from '../harness/protocol/codes.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient, initialisedClient } from './support/connected-client.ts';
import { listeningClient } from './support/listening-client.ts';
import { newestConnection } from './support/newest-connection.ts';

const LONG_PASSWORD = 'a password that is longer than thirty-two bytes, as a token is';
const FROM_MODULE = { dir: 'up', type: 'CONNECT' } as const;
const ONCE = { min: 1, max: 1 };

const WILLS = [
  { qos: 0, retain: 0, says: 'is neither asked for again nor kept' },
  { qos: 1, retain: 0, says: 'goes out at QoS 1' },
  { qos: 2, retain: 0, says: 'goes out at QoS 2' },
  { qos: 1, retain: 1, says: 'is kept by the server' },
] as const;

for (const { qos, retain, says } of WILLS) {
  scenario({
    id: `connect-fields/will-qos${qos}-retain${retain}`,
    title: `a will with QoS ${qos} and retain ${retain} ${says}, and is published when the connection breaks`,
    clauses: ['M-5.will', 'M-5.will-qos', 'M-5.will-retain', 'M-6.exception', 'MQTT-3.1.2-9'],
    async run(rig) {
      const topic = rig.topic('will');
      const heir = await listeningClient(rig);
      await completed(rig, await heir.subscribe(topic, 2), 'M-10.request-callback');
      const will = { willTopic: topic, willMsg: 'gone', willQos: qos, willRetain: retain };
      const owner = await connectedClient(rig, { info: will });
      const connection = await newestConnection(rig);

      const told = owner.exception();
      const received = heir.received();
      connection.end('rst');
      await Promise.all([told, received]);

      const onWire = { topic, qos, retain: retain === 1 };
      rig.expect.frame({ ...FROM_MODULE, where: { will: onWire } }, ONCE, 'M-5.will');
      rig.expect.exception(owner, 1, 'M-6.exception');
      rig.expect.incoming(heir, { topic, count: 1 }, 'M-5.will');
    },
  });
}

scenario({
  id: 'connect-fields/will-qos3',
  title: 'a will at QoS 3 is refused, or goes out with a QoS that there is',
  clauses: ['MQTT-3.1.2-14', 'M-5.will-qos'],
  async run(rig) {
    const client = await initialisedClient(rig);

    const connect = await client.connect({ info: { willTopic: rig.topic('will'), willMsg: 'gone', willQos: 3 } });
    if (connect.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) await connect.callback();

    rig.expect.frame({ ...FROM_MODULE, where: { will: { qos: 3 } } }, { max: 0 }, 'MQTT-3.1.2-14');
    rig.observe('D-7', 'connect with a will at QoS 3 returns', connect.ret);
  },
});

scenario({
  id: 'connect-fields/will-of-no-bytes',
  title: 'a will with an empty message is a will',
  clauses: ['M-5.will', 'MQTT-3.1.2-9'],
  async run(rig) {
    const topic = rig.topic('will');

    await connectedClient(rig, { info: { willTopic: topic, willMsg: '', willQos: 1 } });

    rig.expect.frame({ ...FROM_MODULE, where: { will: { topic, qos: 1 } } }, ONCE, 'M-5.will');
  },
});

scenario({
  id: 'connect-fields/will-withdrawn',
  title: 'ql_mqtt_disconnect withdraws the will',
  clauses: ['M-5.will', 'M-12.disconnect-packet'],
  async run(rig) {
    const heir = await listeningClient(rig);
    await completed(rig, await heir.subscribe(rig.topic('#'), 1), 'M-10.request-callback');
    const owner = await connectedClient(rig, { info: { willTopic: rig.topic('will'), willMsg: 'gone', willQos: 1 } });
    const connection = await newestConnection(rig);

    await completed(rig, await owner.disconnect(), 'M-12.disconnect-callback');
    await rig.wait('the connection closes', rig.deadlines.closeMs, (budgetMs) => connection.waitForClose(budgetMs));
    const received = heir.received();
    await rig.broker.publish({
      topic: rig.topic('after'),
      payload: 'had there been a will, it would lie before me',
      qos: 1,
    });
    await received;

    rig.expect.incoming(heir, { topic: rig.topic('will'), count: 0 }, 'M-12.disconnect-packet');
    rig.expect.incoming(heir, { topic: rig.topic('after'), count: 1 }, 'M-13.incoming');
  },
});

scenario({
  id: 'connect-fields/user-and-password',
  title: 'CONNECT carries user name and password, whatever their length',
  clauses: ['M-5.user', 'M-5.password', 'MQTT-3.1.2-19', 'MQTT-3.1.2-21'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    await rig.listen({ credentials: { user: 'bench', password: LONG_PASSWORD } });
    const client = await initialisedClient(rig);

    const connect = await client.connect({ info: { user: 'bench', pass: LONG_PASSWORD } });

    await completed(rig, connect, 'M-5.password');
    rig.expect.frame({ ...FROM_MODULE, where: { userName: 'bench' } }, ONCE, 'M-5.user');
  },
});

scenario({
  id: 'connect-fields/user-alone',
  title: 'CONNECT carries a user name without a password',
  clauses: ['M-5.user', 'M-5.password', 'MQTT-3.1.2-19', 'MQTT-3.1.2-20'],
  async run(rig) {
    await connectedClient(rig, { info: { user: 'bench' } });

    rig.expect.frame({ ...FROM_MODULE, where: { userName: 'bench', password: null } }, ONCE, 'M-5.user');
  },
});

scenario({
  id: 'connect-fields/no-credentials',
  title: 'CONNECT carries neither user name nor password if both are NULL',
  clauses: ['M-5.user', 'M-5.password', 'MQTT-3.1.2-18', 'MQTT-3.1.2-20'],
  async run(rig) {
    await connectedClient(rig, { info: { user: null, pass: null } });

    rig.expect.frame({ ...FROM_MODULE, where: { userName: null, password: null } }, ONCE, 'M-5.user');
  },
});

scenario({
  id: 'connect-fields/password-alone',
  title: 'a password without a user name never goes out as one',
  clauses: ['MQTT-3.1.2-22'],
  async run(rig) {
    const client = await initialisedClient(rig);

    const connect = await client.connect({ info: { user: null, pass: 'alone' } });
    if (connect.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) await connect.callback();

    // Refusing the call, leaving the password out and sending an empty user name are all lawful; the linter knows what is not.
    rig.observe('MQTT-3.1.2-22', 'return of a connect with a password alone', connect.ret);
  },
});

for (const keepAlive of [0, 1, 60, 65_535]) {
  scenario({
    id: `connect-fields/keep-alive-${keepAlive}`,
    title: `CONNECT carries a keep-alive of ${keepAlive} s`,
    clauses: ['M-5.keep-alive'],
    async run(rig) {
      await connectedClient(rig, { info: { keepAlive } });

      rig.expect.frame({ ...FROM_MODULE, where: { keepAliveS: keepAlive } }, ONCE, 'M-5.keep-alive');
    },
  });
}

for (const [name, clientId] of [
  ['one-byte', 'q'],
  ['twenty-four-bytes', 'abcdefghijklmnopqrstuvwx'],
  ['not-ascii', 'Zähler-模块'],
] as const) {
  scenario({
    id: `connect-fields/client-id-${name}`,
    title: `CONNECT carries the client id "${clientId}"`,
    clauses: ['M-5.client-id', 'MQTT-3.1.3-3', 'MQTT-3.1.3-4'],
    async run(rig) {
      await connectedClient(rig, { info: { clientId } });

      rig.expect.frame({ ...FROM_MODULE, where: { clientId } }, ONCE, 'M-5.client-id');
    },
  });
}
