// In a project of your own this line reads: import { type Rig, scenario } from 'ql-mqtt-hil';
import { type Rig, scenario } from '../../harness/run/scenario.ts';

/** `MQTTCLIENT_SUCCESS` and `MQTTCLIENT_WOUNDBLOCK`: the work is done, or its callback will tell. */
const SUCCESS = 0;
const WOUNDBLOCK = -2;

for (const qos of [0, 1]) {
  scenario({
    id: `status-page/retained-qos${qos}`,
    title: `a status that is published at QoS ${qos} with retain reaches who subscribes later`,
    clauses: ['M-9.publish', 'M-9.retain', 'M-13.incoming'],
    over: ['mqtt', 'mqtts'],
    async run(rig) {
      const client = await connected(rig);
      const topic = rig.topic('status');

      const publish = await client.publish({ topic, payload: 'up', qos, retain: 1 });
      rig.expect.returns(publish, [WOUNDBLOCK], 'M-2.wouldblock');
      rig.expect.callback(publish, [0], 'M-10.request-callback');
      await publish.callback();

      // Ask for the message before it can come.
      const received = client.received();
      const subscribe = await client.subscribe(topic, 1);
      rig.expect.callback(subscribe, [0], 'M-10.request-callback');
      await received;

      rig.expect.frame({ dir: 'up', type: 'PUBLISH', where: { qos, retain: true } }, { min: 1, max: 1 }, 'M-9.retain');
      rig.expect.incoming(client, { topic, count: 1 }, 'M-13.incoming');
    },
  });
}

/** A client with a session and a callback for messages. */
async function connected(rig: Rig) {
  const client = rig.client();
  const init = await client.init();
  rig.expect.returns(init, [SUCCESS], 'M-1.init');

  const connect = await client.connect({ info: { keepAlive: 30 } });
  rig.expect.callback(connect, [0], 'M-4.connect-callback');
  await connect.callback();

  await client.setInpubCallback();
  return client;
}
