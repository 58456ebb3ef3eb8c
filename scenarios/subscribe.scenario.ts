import { hold } from '../broker/faults/hold.ts';
import { encode } from '../broker/frame/encode.ts';
import { answeringPeer } from '../broker/peers/answering-peer.ts';
import { ERROR_CODES } from '../harness/protocol/codes.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient, initialisedClient } from './support/connected-client.ts';
import { heardByModule } from './support/heard-by-module.ts';
import { refused } from './support/refused.ts';
import { FAILURES } from './support/results.ts';
import { sent } from './support/sent.ts';

scenario({
  id: 'subscribe/granted',
  title: 'a subscription completes with err 0 after its SUBACK',
  clauses: ['M-11.subscribe', 'M-10.request-callback'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await connectedClient(rig);

    const subscribe = await client.subscribe(rig.topic('in'), 1);

    await completed(rig, subscribe, 'M-10.request-callback');
    rig.expect.frame({ dir: 'up', type: 'SUBSCRIBE' }, { min: 1, max: 1 }, 'M-11.subscribe');
  },
});

scenario({
  id: 'subscribe/withdrawn',
  title: 'an unsubscription completes with err 0 after its UNSUBACK',
  clauses: ['M-11.unsubscribe', 'M-10.request-callback'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await connectedClient(rig);
    const subscribe = await client.subscribe(rig.topic('in'), 0);
    await completed(rig, subscribe, 'M-10.request-callback');

    const unsubscribe = await client.unsubscribe(rig.topic('in'));

    await completed(rig, unsubscribe, 'M-10.request-callback');
    rig.expect.frame({ dir: 'up', type: 'UNSUBSCRIBE' }, { min: 1, max: 1 }, 'M-11.unsubscribe');
  },
});

scenario({
  id: 'subscribe/not-connected',
  title: 'a subscription without a session is refused',
  clauses: ['M-2.not-connect'],
  async run(rig) {
    const client = await initialisedClient(rig);

    const subscribe = await client.subscribe(rig.topic('in'), 1);

    rig.expect.returns(subscribe, [ERROR_CODES.MQTTCLIENT_NOT_CONNECT], 'M-2.not-connect');
  },
});

for (const ack of ['SUBACK', 'UNSUBACK'] as const) {
  scenario({
    id: `subscribe/held-${ack.toLowerCase()}`,
    title: `a request is not called back before its ${ack}`,
    clauses: ['M-10.request-callback', 'M-10.result', 'MQTT-3.10.4-4'],
    async run(rig) {
      const client = await connectedClient(rig);
      const listener = await rig.listener();
      const gate = listener.gate({ dir: 'down', type: ack }, hold());
      const topic = rig.topic('in');

      const request = sent(rig, await (ack === 'SUBACK' ? client.subscribe(topic, 1) : client.unsubscribe(topic)));
      await rig.wait(`the ${ack} is held`, rig.deadlines.ackMs, (budgetMs) => gate.waitForCount(1, budgetMs));
      await heardByModule(rig);
      gate.release();

      await completed(rig, request, 'M-10.request-callback');
    },
  });
}

scenario({
  id: 'subscribe/refused',
  title: 'a subscription that the broker refuses is called back with an error',
  clauses: ['M-10.result', 'MQTT-3.9.3-2', 'D-3'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    await rig.listen({ peer: answeringPeer({ SUBSCRIBE: ({ packetId }) => encode.suback(packetId, [0x80]) }) });
    const client = await connectedClient(rig);

    const subscribe = sent(rig, await client.subscribe(rig.topic('secret'), 1));

    await refused(rig, subscribe, 'M-10.result');
    const callback = await subscribe.callback();
    if ('err' in callback) rig.observe('D-3', 'err of a subscription that was refused', callback.err);
  },
});

scenario({
  id: 'subscribe/granted-less',
  title: 'a subscription that is granted at a lower QoS completes with err 0',
  clauses: ['M-10.result', 'M-11.subscribe'],
  async run(rig) {
    await rig.listen({ peer: answeringPeer({ SUBSCRIBE: ({ packetId }) => encode.suback(packetId, [0]) }) });
    const client = await connectedClient(rig);

    const subscribe = await client.subscribe(rig.topic('in'), 2);

    await completed(rig, subscribe, 'M-10.request-callback');
  },
});

for (const qos of [0, 1, 2] as const) {
  scenario({
    id: `subscribe/qos${qos}`,
    title: `SUBSCRIBE asks for QoS ${qos}, and UNSUBSCRIBE withdraws the same filter`,
    clauses: ['M-11.subscribe', 'M-11.unsubscribe'],
    async run(rig) {
      const client = await connectedClient(rig);
      const topic = rig.topic('a/+/b/#');

      await completed(rig, await client.subscribe(topic, qos), 'M-10.request-callback');
      await completed(rig, await client.unsubscribe(topic), 'M-10.request-callback');

      rig.expect.frame({ dir: 'up', type: 'SUBSCRIBE' }, { min: 1, max: 1 }, 'M-11.subscribe');
      rig.expect.frame({ dir: 'up', type: 'UNSUBSCRIBE' }, { min: 1, max: 1 }, 'M-11.unsubscribe');
    },
  });
}

for (const { sub, qos } of [
  { sub: 0, qos: 2 },
  { sub: 0, qos: 3 },
  { sub: 2, qos: 1 },
] as const) {
  scenario({
    id: `subscribe/sub${sub}-qos${qos}`,
    title: `what ql_mqtt_sub_unsub does with sub ${sub} and QoS ${qos} is recorded`,
    clauses: ['D-19', 'M-2.wouldblock'],
    async run(rig) {
      const client = await connectedClient(rig);
      const listener = await rig.listener();

      const call = await rig.module.call('mqtt.sub_unsub', { slot: client.slot, topic: rig.topic('in'), qos, sub });
      const returned = await rig.returned(call, 'request');
      if (returned.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) await returned.callback();

      rig.observe('D-19', `sub_unsub with sub ${sub} and QoS ${qos} returns`, returned.ret);
      rig.observe('D-19', `connections after sub ${sub} and QoS ${qos}`, listener.connections.length);
    },
  });
}

scenario({
  id: 'subscribe/reserved-code',
  title: 'a SUBACK with a reserved code grants nothing',
  clauses: ['M-10.result', 'MQTT-3.9.3-2'],
  async run(rig) {
    await rig.listen({ peer: answeringPeer({ SUBSCRIBE: ({ packetId }) => encode.suback(packetId, [3]) }) });
    const client = await connectedClient(rig);

    const subscribe = sent(rig, await client.subscribe(rig.topic('in'), 1));

    rig.expect.callback(subscribe, FAILURES, 'M-10.result');
    await subscribe.callback();
  },
});
