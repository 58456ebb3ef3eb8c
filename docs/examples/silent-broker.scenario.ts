// In a project of your own this line reads: import { scenario } from 'ql-mqtt-hil';
import { scenario } from '../../harness/run/scenario.ts';

/** `err` of a time-out: `MQTTCLIENT_TIMEOUT` or `MQTT_CONNECT_TIMEOUT`, the manual leaves open which. */
const TIME_OUTS = [-9, 257];

scenario({
  id: 'silent-broker/puback-lost',
  title: 'a publish at QoS 1 whose PUBACK never comes ends with a time-out',
  clauses: ['M-2.timeout', 'M-10.request-callback'],
  // Without its optional timing the module's own time-out is what is waited for.
  budgetMs: 120_000,
  async run(rig) {
    const listener = await rig.listen();
    // A gate acts on the frames that match. This verb lets them vanish: a verb that does nothing passes nothing on.
    const gate = listener.gate({ dir: 'down', type: 'PUBACK' }, { name: 'drop', act: () => undefined });
    // Said up front: a fault that never acted makes the scenario inconclusive, instead of letting it pass.
    rig.expect.faultFired(gate.name, 'M-2.timeout');

    const client = rig.client();
    await client.init();
    const connect = await client.connect();
    await connect.callback();

    const publish = await client.publish({ topic: rig.topic('out'), payload: 'is anybody there', qos: 1 });
    rig.expect.callback(publish, TIME_OUTS, 'M-2.timeout');
    const told = await publish.callback();

    if ('err' in told) rig.observe('D-3', 'err of a publish that was never acknowledged', told.err);
  },
});
