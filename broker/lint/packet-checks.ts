import type { Decoded } from '../frame/decode.ts';
import { type FrameCheck, packetOf } from './check.ts';

/** What the fields of the packets after CONNECT break. */
export const PACKET_CHECKS: readonly FrameCheck[] = [
  {
    clause: 'MQTT-2.3.1-1',
    duty: 'SUBSCRIBE, UNSUBSCRIBE and PUBLISH with QoS > 0 have a packet id other than 0',
    types: [3, 8, 10],
    breach: zeroId,
  },
  {
    clause: 'MQTT-2.3.1-6',
    duty: 'PUBACK, PUBREC and PUBREL carry the packet id of the PUBLISH',
    types: [4, 5, 6],
    breach: zeroId,
  },
  {
    clause: 'MQTT-2.3.1-7',
    duty: 'SUBACK and UNSUBACK carry the packet id of the request',
    types: [9, 11],
    breach: zeroId,
  },
  publishCheck('MQTT-3.3.1-2', 'DUP is 0 when QoS is 0', ({ dup, qos }) =>
    dup && qos === 0 ? 'PUBLISH with QoS 0 has DUP 1' : undefined,
  ),
  publishCheck('MQTT-4.3.1-1', 'a QoS 0 delivery has QoS 0 and DUP 0', ({ dup, qos }) =>
    dup && qos === 0 ? 'PUBLISH with QoS 0 has DUP 1' : undefined,
  ),
  publishCheck('MQTT-3.3.1-4', 'QoS is not 3', ({ qos }) => (qos === 3 ? 'PUBLISH has QoS 3' : undefined)),
  {
    clause: 'MQTT-3.8.3-3',
    duty: 'SUBSCRIBE holds at least one filter',
    types: [8],
    breach: (frame) => (packetOf(frame, 'SUBSCRIBE')?.filters.length === 0 ? 'SUBSCRIBE without a filter' : undefined),
  },
  {
    clause: 'MQTT-3.8.3-4',
    duty: 'a requested QoS is 0, 1 or 2, its reserved bits 0',
    types: [8],
    breach: (frame) => {
      const wrong = packetOf(frame, 'SUBSCRIBE')?.filters.find(({ qos }) => qos > 2);
      return wrong === undefined ? undefined : `requested QoS byte is ${wrong.qos}`;
    },
  },
  {
    clause: 'MQTT-3.10.3-2',
    duty: 'UNSUBSCRIBE holds at least one filter',
    types: [10],
    breach: (frame) =>
      packetOf(frame, 'UNSUBSCRIBE')?.filters.length === 0 ? 'UNSUBSCRIBE without a filter' : undefined,
  },
  {
    clause: 'MQTT-3.2.2-4',
    duty: 'a CONNACK that refuses has session present 0',
    types: [2],
    breach: (frame) => {
      const connack = packetOf(frame, 'CONNACK');
      return connack?.sessionPresent === true && connack.returnCode !== 0
        ? `CONNACK ${connack.returnCode} with session present 1`
        : undefined;
    },
  },
  {
    clause: 'MQTT-3.2.2.1',
    duty: 'bits 7 to 1 of the acknowledge flags are 0',
    types: [2],
    breach: (frame) =>
      packetOf(frame, 'CONNACK') !== undefined && frame.innerFlags > 1
        ? `acknowledge flags are ${frame.innerFlags}`
        : undefined,
  },
  {
    clause: 'MQTT-3.2.2-6',
    duty: 'a server that has no return code of table 3.1 closes without CONNACK',
    types: [2],
    breach: (frame) => {
      const code = packetOf(frame, 'CONNACK')?.returnCode ?? 0;
      return code > 5 ? `return code ${code} is reserved` : undefined;
    },
  },
  {
    clause: 'MQTT-3.9.3-1',
    duty: 'SUBACK holds a return code for each filter',
    types: [9],
    breach: (frame) => (packetOf(frame, 'SUBACK')?.codes.length === 0 ? 'SUBACK without a return code' : undefined),
  },
  {
    clause: 'MQTT-3.9.3-2',
    duty: 'a SUBACK return code is 0, 1, 2 or 0x80',
    types: [9],
    breach: (frame) => {
      const wrong = packetOf(frame, 'SUBACK')?.codes.find((code) => code > 2 && code !== 0x80);
      return wrong === undefined ? undefined : `return code ${wrong} is reserved`;
    },
  },
];

type Publish = NonNullable<ReturnType<typeof publishOf>>;

function publishOf(frame: Decoded) {
  return packetOf(frame, 'PUBLISH');
}

function publishCheck(clause: string, duty: string, breach: (packet: Publish) => string | undefined): FrameCheck {
  return {
    clause,
    duty,
    types: [3],
    breach: (frame) => {
      const packet = publishOf(frame);
      return packet === undefined ? undefined : breach(packet);
    },
  };
}

function zeroId({ packet }: Decoded): string | undefined {
  return 'packetId' in packet && packet.packetId === 0 ? `${packet.type} has packet id 0` : undefined;
}
