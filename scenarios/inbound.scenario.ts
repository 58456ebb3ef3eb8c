import { drop } from '../broker/faults/drop.ts';
import { encode } from '../broker/frame/encode.ts';
import { answeringPeer } from '../broker/peers/answering-peer.ts';
import { slice } from '../broker/relay/slice.ts';
import { ERROR_CODES } from '../harness/protocol/codes.ts';
import { scenario } from '../harness/run/scenario.ts';
import { brought } from './support/brought.ts';
import { completed } from './support/completed.ts';
import { connectedClient, initialisedClient } from './support/connected-client.ts';
import { heardByModule } from './support/heard-by-module.ts';
import { listeningClient } from './support/listening-client.ts';
import { newestConnection } from './support/newest-connection.ts';

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

scenario({
  id: 'inbound/qos2-sent-twice',
  title: 'a QoS 2 message that comes again before its PUBREL is brought once',
  clauses: ['MQTT-4.3.3-2', 'M-13.each-once'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const listener = await rig.listen({ peer: answeringPeer() });
    const client = await listeningClient(rig);
    const connection = await newestConnection(rig);
    const message = { topic: rig.topic('in'), payload: 'once', qos: 2, packetId: 11 };
    const answerTo = async (bytes: Buffer, type: 'PUBREC' | 'PUBCOMP') => {
      const answered = rig.wait(type, rig.deadlines.ackMs, (budgetMs) => {
        return listener.waitForFrame({ dir: 'up', type, packetId: message.packetId }, budgetMs);
      });
      connection.inject(bytes);
      await answered;
    };

    using heard = rig.callbacks();
    // The peer answers the first PUBREC with PUBREL: this one is held back to make room for the second PUBLISH.
    const gate = listener.gate({ dir: 'down', type: 'PUBREL' }, drop());
    await answerTo(encode.publish(message), 'PUBREC');
    await answerTo(encode.publish({ ...message, dup: true }), 'PUBREC');
    gate.close();
    await answerTo(encode.ack('PUBREL', message.packetId), 'PUBCOMP');
    await brought(heard, client, 1);
    await heardByModule(rig);

    rig.expect.incoming(client, { topic: message.topic, count: 1 }, 'MQTT-4.3.3-2');
  },
});

scenario({
  id: 'inbound/qos1-id-again',
  title: 'a QoS 1 message under the id of an acknowledged one is a new message',
  clauses: ['MQTT-4.3.2-2', 'M-13.each-once'],
  async run(rig) {
    await rig.listen({ peer: answeringPeer() });
    const client = await listeningClient(rig);
    const connection = await newestConnection(rig);

    for (const payload of ['one', 'two']) {
      const received = client.received();
      connection.inject(encode.publish({ topic: rig.topic('in'), payload, qos: 1, packetId: 12 }));
      await received;
    }

    rig.expect.incoming(client, { count: 2 }, 'MQTT-4.3.2-2');
  },
});

const MANY = 20;

for (const qos of [0, 1] as const) {
  scenario({
    id: `inbound/in-order-qos${qos}`,
    title: `${MANY} messages at QoS ${qos} in one segment are brought in their order`,
    clauses: ['M-13.order', 'M-13.each-once', ...(qos === 1 ? ['MQTT-4.6.0-2'] : [])],
    over: ['mqtt', 'mqtts'],
    async run(rig) {
      await rig.listen({ peer: answeringPeer() });
      const client = await listeningClient(rig);
      const connection = await newestConnection(rig);
      const topic = rig.topic('in');
      const messages = Array.from({ length: MANY }, (_, index) => {
        return encode.publish({ topic, payload: `number ${index}`, qos, packetId: 100 + index });
      });

      using heard = rig.callbacks();
      connection.inject(Buffer.concat(messages));
      await brought(heard, client, MANY);

      rig.expect.incoming(client, { topic, count: MANY }, 'M-13.each-once');
    },
  });
}

scenario({
  id: 'inbound/without-callback',
  title: 'messages that nobody set a callback for are acknowledged all the same',
  clauses: ['MQTT-4.5.0-2', 'MQTT-3.3.4-1', 'D-12'],
  async run(rig) {
    const client = await connectedClient(rig);
    const listener = await rig.listener();
    await completed(rig, await client.subscribe(rig.topic('in'), 2), 'M-10.request-callback');
    const acks = (['PUBACK', 'PUBCOMP'] as const).map((type) => {
      return rig.wait(type, rig.deadlines.ackMs, (budgetMs) => listener.waitForFrame({ dir: 'up', type }, budgetMs));
    });
    using heard = rig.callbacks();

    await rig.broker.publish({ topic: rig.topic('in'), payload: 'unheard', qos: 1 });
    await rig.broker.publish({ topic: rig.topic('in'), payload: 'unheard', qos: 2 });
    await Promise.all(acks);
    await client.setInpubCallback();
    await rig.quiet('whether what came before is brought now');

    const late = heard.messages(client.slot).length;
    rig.observe('D-12', 'messages from before set_inpub_callback that are brought after it', late);
  },
});

scenario({
  id: 'inbound/callback-withdrawn',
  title: 'whether NULL takes the callback for messages away is recorded',
  clauses: ['D-12', 'MQTT-4.5.0-2'],
  async run(rig) {
    await rig.listen({ peer: answeringPeer() });
    const client = await listeningClient(rig);
    using heard = rig.callbacks();

    const withdrawn = await client.setInpubCallback({ cb: false });
    await heardByModule(rig);

    rig.observe('D-12', 'set_inpub_callback with NULL returns', withdrawn.ret);
    rig.observe('D-12', 'messages after set_inpub_callback with NULL', heard.messages(client.slot).length);
  },
});

scenario({
  id: 'inbound/callback-replaced',
  title: 'a second ql_mqtt_set_inpub_callback takes the place of the first',
  clauses: ['M-13.replaced', 'M-13.set-inpub-callback', 'M-4.arg'],
  async run(rig) {
    await rig.listen({ peer: answeringPeer() });
    const client = await listeningClient(rig);

    const replaced = await client.setInpubCallback();
    const received = client.received();
    await heardByModule(rig);
    await received;

    rig.expect.returns(replaced, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-13.set-inpub-callback');
    rig.expect.incoming(client, { count: 1 }, 'M-13.each-once');
  },
});

scenario({
  id: 'inbound/callback-set-before-connect',
  title: 'a callback that was set with success before ql_mqtt_connect hears what comes after it',
  clauses: ['M-13.set-inpub-callback', 'M-13.each-once'],
  async run(rig) {
    await rig.listen({ peer: answeringPeer() });
    const client = await initialisedClient(rig);
    const set = await client.setInpubCallback();
    await completed(rig, await client.connect(), 'M-4.connect-callback');

    await heardByModule(rig);

    // It may be refused, but not be forgotten.
    if (set.ret === ERROR_CODES.MQTTCLIENT_SUCCESS)
      rig.expect.incoming(client, { count: 1 }, 'M-13.set-inpub-callback');
  },
});

scenario({
  id: 'inbound/unsubscribed',
  title: 'nothing is brought for a subscription that was withdrawn',
  clauses: ['M-11.unsubscribe', 'M-13.incoming'],
  async run(rig) {
    const client = await listeningClient(rig);
    const topic = rig.topic('in');
    await completed(rig, await client.subscribe(topic, 1), 'M-10.request-callback');
    await completed(rig, await client.unsubscribe(topic), 'M-10.request-callback');

    await rig.broker.publish({ topic, payload: 'too late', qos: 1 });
    await heardByModule(rig);

    rig.expect.incoming(client, { topic, count: 0 }, 'M-11.unsubscribe');
  },
});

scenario({
  id: 'inbound/with-connack',
  title: 'a message that comes in one segment with CONNACK is acknowledged',
  clauses: ['MQTT-4.5.0-2', 'M-13.within-session', 'D-12'],
  async run(rig) {
    const message = encode.publish({ topic: rig.topic('in'), payload: 'early', qos: 1, packetId: 13 });
    const listener = await rig.listen({
      peer: answeringPeer({ CONNECT: () => Buffer.concat([encode.connack(0), message]) }),
    });
    const puback = rig.wait('PUBACK', rig.deadlines.connectMs, (budgetMs) => {
      return listener.waitForFrame({ dir: 'up', type: 'PUBACK', packetId: 13 }, budgetMs);
    });

    await connectedClient(rig);

    await puback;
  },
});

scenario({
  id: 'inbound/byte-by-byte',
  title: 'packets that arrive byte by byte are the packets that were sent',
  clauses: ['M-13.incoming', 'M-13.each-once'],
  async run(rig) {
    const listener = await rig.listener();
    await using _relay = await listener.relay(slice(1, { dir: 'down' }));
    const client = await listeningClient(rig);
    const topic = rig.topic('in');
    await completed(rig, await client.subscribe(topic, 1), 'M-10.request-callback');
    rig.expect.incoming(client, { topic, count: 1 }, 'M-13.incoming');
    const received = client.received();

    // Its remaining length takes two bytes, which come apart.
    await rig.broker.publish({ topic, payload: 'x'.repeat(200), qos: 1 });

    await received;
  },
});
