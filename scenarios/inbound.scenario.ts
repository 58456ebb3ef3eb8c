import { ERROR_CODES } from '../harness/protocol/codes.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient } from './support/connected-client.ts';

for (const qos of [0, 1, 2] as const) {
  scenario({
    id: `inbound/qos${qos}`,
    title: `a message at QoS ${qos} reaches the incoming callback byte for byte`,
    clauses: ['M-13.set-inpub-callback', 'M-13.incoming'],
    over: ['mqtt', 'mqtts'],
    async run(rig) {
      const client = await connectedClient(rig);
      const setCallback = await client.setInpubCallback();
      rig.expect.returns(setCallback, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-13.set-inpub-callback');
      await completed(rig, await client.subscribe(rig.topic('in'), qos), 'M-10.request-callback');

      const received = client.received();
      await rig.broker.publish({ topic: rig.topic('in'), payload: Buffer.from(`at QoS ${qos}`), qos });

      await received;
    },
  });
}

scenario({
  id: 'inbound/refuses-a-null-client',
  title: 'ql_mqtt_set_inpub_callback without a client is an invalid parameter',
  clauses: ['M-2.invalid-param'],
  async run(rig) {
    const client = rig.client();

    const setCallback = await client.setInpubCallback({ client: 'null' });

    rig.expect.returns(setCallback, [ERROR_CODES.MQTTCLIENT_INVALID_PARAM], 'M-2.invalid-param');
  },
});
