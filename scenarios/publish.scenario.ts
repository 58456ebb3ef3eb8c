import { ERROR_CODES } from '../harness/protocol/codes.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient, initialisedClient } from './support/connected-client.ts';

const QOS = [
  { qos: 0, clauses: ['M-9.publish', 'M-10.request-callback', 'MQTT-4.3.1-1'] },
  { qos: 1, clauses: ['M-9.publish', 'M-10.request-callback', 'MQTT-4.3.2-1'] },
  { qos: 2, clauses: ['M-9.publish', 'M-10.request-callback', 'MQTT-4.3.3-1'] },
] as const;

for (const { qos, clauses } of QOS) {
  scenario({
    id: `publish/qos${qos}`,
    title: `a QoS ${qos} publish completes with err 0`,
    clauses,
    over: ['mqtt', 'mqtts'],
    async run(rig) {
      const client = await connectedClient(rig);

      const publish = await client.publish({ topic: rig.topic('out'), payload: `at QoS ${qos}`, qos });

      await completed(rig, publish, 'M-10.request-callback');
      rig.expect.frame({ dir: 'up', type: 'PUBLISH', where: { qos } }, { min: 1, max: 1 }, 'M-9.publish');
    },
  });
}

scenario({
  id: 'publish/not-connected',
  title: 'a publish without a session is refused',
  clauses: ['M-2.not-connect'],
  async run(rig) {
    const client = await initialisedClient(rig);

    const publish = await client.publish({ topic: rig.topic('out'), payload: 'nobody hears', qos: 1 });

    rig.expect.returns(publish, [ERROR_CODES.MQTTCLIENT_NOT_CONNECT], 'M-2.not-connect');
  },
});
