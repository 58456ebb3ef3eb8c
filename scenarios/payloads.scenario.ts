import { encode } from '../broker/frame/encode.ts';
import { answeringPeer } from '../broker/peers/answering-peer.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { connectedClient } from './support/connected-client.ts';
import { listeningClient } from './support/listening-client.ts';
import { newestConnection } from './support/newest-connection.ts';

/** Around the steps of the remaining length, a TCP segment, and the most that payload_length can say. */
const OUT_BYTES = [0, 1, 118, 1460, 16_384, 65_535] as const;

for (const length of OUT_BYTES) {
  scenario({
    id: `payloads/out-${length}`,
    title: `a payload of ${length} bytes is published as it is`,
    clauses: ['M-9.payload', 'MQTT-2.2.3'],
    over: ['mqtt', 'mqtts'],
    async run(rig) {
      const client = await connectedClient(rig);

      const publish = await client.publish({ topic: rig.topic('out'), payload: { length, seed: 7 }, qos: 1 });

      await completed(rig, publish, 'M-10.request-callback');
      rig.expect.frame(
        { dir: 'up', type: 'PUBLISH', where: { payload: { length } } },
        { min: 1, max: 1 },
        'M-9.payload',
      );
    },
  });
}

scenario({
  id: 'payloads/remaining-length-steps',
  title: 'packets on both sides of each step of the remaining length are well-formed',
  clauses: ['MQTT-2.2.3', 'M-9.payload'],
  async run(rig) {
    const client = await connectedClient(rig);
    const topic = 't';
    // A QoS 1 PUBLISH has five bytes beside its payload with this topic.
    for (const remaining of [127, 128, 16_383, 16_384]) {
      const publish = await client.publish({ topic, payload: { length: remaining - 5 }, qos: 1 });
      await completed(rig, publish, 'M-10.request-callback');
    }
  },
});

const IN_BYTES = [0, 1, 1460, 8192] as const;

for (const length of IN_BYTES) {
  scenario({
    id: `payloads/in-${length}`,
    title: `a message of ${length} bytes is brought as it is`,
    clauses: ['M-13.incoming', 'M-13.each-once'],
    over: ['mqtt', 'mqtts'],
    async run(rig) {
      const client = await listeningClient(rig);
      const topic = rig.topic('in');
      await completed(rig, await client.subscribe(topic, 1), 'M-10.request-callback');

      const received = client.received();
      await rig.broker.publish({ topic, payload: Buffer.alloc(length, 'payload '), qos: 1 });

      const { payload } = await received;
      rig.expect.incoming(client, { topic, count: 1 }, 'M-13.incoming');
      if (length === 0)
        rig.observe('D-11', 'payload pointer of an empty message', payload === null ? 'NULL' : 'not NULL');
    },
  });
}

scenario({
  id: 'payloads/in-0-qos0',
  title: 'a message without payload at QoS 0 is brought, and the session goes on',
  clauses: ['M-13.incoming', 'M-6.only-abnormal'],
  async run(rig) {
    const client = await listeningClient(rig);
    const topic = rig.topic('in');
    await completed(rig, await client.subscribe(topic, 0), 'M-10.request-callback');

    rig.expect.incoming(client, { topic, count: 1 }, 'M-13.incoming');
    const received = client.received();
    await rig.broker.publish({ topic, payload: Buffer.alloc(0), qos: 0 });
    await received;

    await completed(rig, await client.unsubscribe(topic), 'M-10.request-callback');
  },
});

const LARGE_BYTES: readonly number[] = [4096, 8192, 16_384, 32_768, 65_535];

scenario({
  id: 'payloads/largest-in',
  title: 'how large a message is brought is recorded, and none is brought in part',
  clauses: ['M-13.whole', 'D-7'],
  async run(rig) {
    await rig.listen({ peer: answeringPeer() });
    const client = await listeningClient(rig);
    const topic = rig.topic('in');
    const connection = await newestConnection(rig);
    using heard = rig.callbacks();
    const lengths = () => heard.messages(client.slot).map(({ payload }) => payload?.length ?? 0);
    // What is too large may be passed over: a message of one byte behind it tells when its turn is over.
    const endsBrought = async (count: number) => {
      while (lengths().filter((length) => length === 1).length < count) await client.received();
    };
    let largest = 0;

    for (const [index, length] of LARGE_BYTES.entries()) {
      const packetId = 2 * index + 1;
      connection.inject(encode.publish({ topic, payload: Buffer.alloc(length, 'x'), qos: 1, packetId }));
      connection.inject(encode.publish({ topic, payload: '.', qos: 1, packetId: packetId + 1 }));
      await Promise.race([endsBrought(index + 1), connection.closed]);
      if (!connection.isOpen) break;
      if (lengths().includes(length)) largest = length;
    }

    // One that was brought in part has another length than any that was sent.
    const whole = lengths().filter((length) => length === 1 || LARGE_BYTES.includes(length));
    rig.expect.incoming(client, { count: whole.length }, 'M-13.whole');
    rig.observe('D-7', 'largest message that was brought, bytes', largest);
  },
});

const NULS = '00610000620063';

scenario({
  id: 'payloads/nul-bytes',
  title: 'NUL bytes in a payload are published and brought like any others',
  clauses: ['M-9.payload', 'M-13.incoming'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const client = await listeningClient(rig);
    const topic = rig.topic('nul');
    await completed(rig, await client.subscribe(topic, 1), 'M-10.request-callback');
    const received = client.received();

    const publish = await client.publish({ topic, payload: { hex: NULS }, qos: 1 });

    await completed(rig, publish, 'M-10.request-callback');
    await received;
    rig.expect.frame({ dir: 'up', type: 'PUBLISH', where: { payload: { head: NULS } } }, { min: 1 }, 'M-9.payload');
    rig.expect.incoming(client, { topic, count: 1 }, 'M-13.incoming');
  },
});

scenario({
  id: 'payloads/length-decides',
  title: 'payload_length, not the string’s end, says how much is published',
  clauses: ['M-9.payload'],
  async run(rig) {
    const client = await connectedClient(rig);

    const publish = await client.publish({ topic: rig.topic('out'), payload: 'only this|not this', length: 9, qos: 1 });

    await completed(rig, publish, 'M-10.request-callback');
    rig.expect.frame({ dir: 'up', type: 'PUBLISH', where: { payload: { length: 9 } } }, { min: 1 }, 'M-9.payload');
  },
});
