import { encode } from '../broker/frame/encode.ts';
import { scenario } from '../harness/run/scenario.ts';
import { listeningClient } from './support/listening-client.ts';
import { newestConnection } from './support/newest-connection.ts';

interface Illegal {
  readonly name: string;
  readonly title: string;
  readonly clause: string;
  readonly bytes: Buffer;
}

const ILLEGAL: readonly Illegal[] = [
  {
    name: 'qos-3',
    title: 'a PUBLISH with QoS 3',
    clause: 'MQTT-3.3.1-4',
    bytes: encode.publish({ topic: 'a/b', payload: 'x', qos: 3, packetId: 7 }),
  },
  {
    name: 'packet-id-0',
    title: 'a QoS 1 PUBLISH with packet id 0',
    clause: 'MQTT-2.3.1-1',
    bytes: encode.publish({ topic: 'a/b', payload: 'x', qos: 1, packetId: 0 }),
  },
  {
    name: 'wildcard-topic',
    title: 'a PUBLISH to a topic with a wildcard',
    clause: 'MQTT-3.3.2-2',
    bytes: encode.publish({ topic: 'a/#', payload: 'x' }),
  },
  {
    name: 'nul-in-topic',
    title: 'a PUBLISH to a topic with U+0000',
    clause: 'MQTT-1.5.3-2',
    bytes: encode.publish({ topic: 'a\0b', payload: 'x' }),
  },
  {
    name: 'topic-not-utf8',
    title: 'a PUBLISH to a topic that is not UTF-8',
    clause: 'MQTT-1.5.3-1',
    bytes: encode.publish({ topic: encode.hex('61 c0 80'), payload: 'x' }),
  },
  {
    name: 'surrogate-in-topic',
    title: 'a PUBLISH to a topic with a surrogate',
    clause: 'MQTT-1.5.3-1',
    bytes: encode.publish({ topic: encode.hex('61 ed a0 80'), payload: 'x' }),
  },
  {
    name: 'topic-beyond-packet',
    title: 'a PUBLISH whose topic is longer than the packet',
    clause: 'MQTT-4.8.0-1',
    bytes: encode.hex('30 04 00 20 61 62'),
  },
  {
    name: 'packet-id-missing',
    title: 'a PUBLISH at QoS 1 that ends before its packet id',
    clause: 'MQTT-2.3.1-1',
    // The next packet follows at once: what reads on finds bytes that would make an id.
    bytes: encode.hex('32 03 00 01 61 d0 00'),
  },
  {
    name: 'packet-too-short',
    title: 'a PUBACK without a packet id',
    clause: 'MQTT-4.8.0-1',
    bytes: encode.hex('40 00'),
  },
  {
    name: 'length-of-five-bytes',
    title: 'a remaining length of five bytes',
    clause: 'MQTT-2.2.3',
    bytes: encode.hex('30 ff ff ff ff 01'),
  },
  { name: 'reserved-type-0', title: 'a packet of type 0', clause: 'MQTT-4.8.0-1', bytes: encode.hex('00 00') },
  { name: 'reserved-type-15', title: 'a packet of type 15', clause: 'MQTT-4.8.0-1', bytes: encode.hex('f0 00') },
  { name: 'puback-flags', title: 'a PUBACK with flags', clause: 'MQTT-2.2.2-2', bytes: encode.hex('41 02 00 07') },
  {
    name: 'pubrel-flags',
    title: 'a PUBREL without its flags',
    clause: 'MQTT-2.2.2-2',
    bytes: encode.hex('60 02 00 07'),
  },
  { name: 'pingresp-flags', title: 'a PINGRESP with flags', clause: 'MQTT-2.2.2-2', bytes: encode.hex('d1 00') },
];

for (const { name, title, clause, bytes } of ILLEGAL) {
  scenario({
    id: `illegal-frames/${name}`,
    title: `${title} makes the module close the connection and tell of it`,
    clauses: [clause, 'MQTT-4.8.0-1', 'M-6.exception', 'M-6.once'],
    async run(rig) {
      const client = await listeningClient(rig);
      const connection = await newestConnection(rig);
      const exception = client.exception();

      connection.inject(bytes);
      await rig.connectionClosed();
      await exception;

      rig.expect.exception(client, 1, 'M-6.exception');
      rig.expect.incoming(client, { count: 0 }, clause);
    },
  });
}

const FOR_CLIENTS = [
  { name: 'connect', bytes: encode.hex('10 0d 00 04 4d 51 54 54 04 02 00 3c 00 01 61') },
  { name: 'pingreq', bytes: encode.hex('c0 00') },
  { name: 'disconnect', bytes: encode.hex('e0 00') },
  { name: 'second-connack', bytes: encode.connack(0) },
  { name: 'pubrec-of-unknown-id', bytes: encode.ack('PUBREC', 4711) },
  { name: 'pubrel-of-unknown-id', bytes: encode.ack('PUBREL', 4711) },
] as const;

for (const { name, bytes } of FOR_CLIENTS) {
  scenario({
    id: `illegal-frames/unexpected-${name}`,
    title: `an unexpected ${name.replaceAll('-', ' ')} from the server leaves the module well`,
    clauses: ['D-24', 'A-1.no-reset'],
    async run(rig) {
      await listeningClient(rig);
      const connection = await newestConnection(rig);

      connection.inject(bytes);
      await rig.quiet('whether the module closes the connection');

      rig.observe('D-24', `an unexpected ${name} closes the connection`, !connection.isOpen);
    },
  });
}
