import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import mqttPacket, { type Packet as TheirPacket } from 'mqtt-packet';
import { dirOf, legalPacket, mutatedFrame } from '../../test/support/any-frame.ts';
import { lintFrame } from '../lint/lint-frame.ts';
import { decodeFrame } from './decode.ts';
import { encode } from './encode.ts';

/** mqtt-packet as the second opinion: what it makes of one frame. */
function theirs(frame: Buffer): TheirPacket | 'refused' {
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  const packets: TheirPacket[] = [];
  let isRefused = false;
  parser.on('packet', (packet) => packets.push(packet));
  parser.on('error', () => {
    isRefused = true;
  });
  try {
    parser.parse(frame);
  } catch {
    // It throws where a length lies, which is a refusal too.
    isRefused = true;
  }
  const [packet] = packets;
  return isRefused || packet === undefined ? 'refused' : packet;
}

function clausesOf(frame: Buffer): string[] {
  return lintFrame(decodeFrame(frame), dirOf(frame)).map(({ clause }) => clause);
}

/**
 * Duties that mqtt-packet does not look at: a frame that breaks nothing but these is accepted there. All are known from
 * trying; everything else that we refuse, it must refuse.
 */
const NOT_LOOKED_AT_THERE = new Set([
  'MQTT-1.5.3-1',
  'MQTT-1.5.3-2',
  'MQTT-2.2.3',
  'MQTT-2.3.1-1',
  'MQTT-2.3.1-6',
  'MQTT-2.3.1-7',
  'MQTT-3.1.2-2', // it speaks 3.1 and 5 too
  'MQTT-3.1.2-11',
  'MQTT-3.1.2-13',
  'MQTT-3.1.2-14',
  'MQTT-3.1.2-15',
  'MQTT-3.1.2-22',
  'MQTT-3.1.3-4',
  'MQTT-3.1.3-7',
  'MQTT-3.1.3-10',
  'MQTT-3.1.3-11',
  'MQTT-3.2.2-4',
  'MQTT-3.2.2-6',
  'MQTT-3.3.1-2',
  'MQTT-3.3.2-1',
  'MQTT-3.3.2-2',
  'MQTT-3.8.3-1',
  'MQTT-3.8.3-3',
  'MQTT-3.9.3-1',
  'MQTT-3.10.3-1',
  'MQTT-3.10.3-2',
  'MQTT-4.3.1-1',
  'MQTT-4.7.1-1',
  'MQTT-4.7.1-2',
  'MQTT-4.7.1-3',
  'MQTT-4.7.3-1',
  'MQTT-4.7.3-2',
]);

test('every packet that mqtt-packet makes is read with the same fields and breaks nothing', () => {
  fc.assert(
    fc.property(legalPacket, (made) => {
      const frame = mqttPacket.generate(made);

      const { packet } = decodeFrame(frame);

      expect(clausesOf(frame)).toEqual([]);
      expect(packet).toMatchObject(fieldsOf(made));
    }),
  );
});

/** What of their packet is found again in ours. */
function fieldsOf(made: TheirPacket): object {
  const type = made.cmd.toUpperCase();
  if (made.cmd === 'connect')
    return { type, clientId: made.clientId, keepAliveS: made.keepalive, userName: made.username };
  if (made.cmd === 'publish')
    return { type, topic: { text: made.topic }, qos: made.qos, packetId: made.qos === 0 ? null : made.messageId };
  return made.messageId === undefined ? { type } : { type, packetId: made.messageId };
}

test('what our linter passes after a mutation, mqtt-packet passes; what it passes and we do not is on the list', () => {
  fc.assert(
    fc.property(mutatedFrame, (frame) => {
      const clauses = clausesOf(frame);
      const unexplained = clauses.filter((clause) => !NOT_LOOKED_AT_THERE.has(clause));

      // Refused there: we must find something. Accepted there: all that we find must be on the list.
      expect(theirs(frame) === 'refused' ? clauses.length > 0 : unexplained.length === 0).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});

/** The illegal frames that are known to be accepted there, as they were found by trying; we refuse each of them. */
test.each([
  ['CONNACK 6', '20020006'],
  ['CONNACK 255', '200200ff'],
  ['session present with a refusal', '20020105'],
  ['CONNACK of three bytes', '2003000000'],
  ['PUBLISH with packet id 0', '3205 0001 61 0000'],
  ['DUP with QoS 0', '3803 0001 61'],
  ['a topic with #', '3004 0002 6123'],
  ['an empty topic', '3002 0000'],
  ['a topic that is not UTF-8', '3004 0002 c328'],
  ['NUL in a topic', '3003 0001 00'],
  ['PUBACK of three bytes', '4003000700'],
  ['PUBACK with packet id 0', '40020000'],
  ['SUBACK without codes', '90020001'],
  ['SUBSCRIBE without filters', '82020001'],
  ['UNSUBSCRIBE without filters', 'a2020001'],
  ['PINGRESP of one byte', 'd00100'],
  ['DISCONNECT of one byte', 'e00100'],
  ['CONNECT with bytes at its end', '100e 0004 4d515454 04 02 003c 0001 63 00'],
  ['a password without a user name', '1010 0004 4d515454 04 42 003c 0001 63 0001 70'],
  ['will QoS 3', '1013 0004 4d515454 04 1e 003c 0001 63 0001 77 0001 6d'],
])('%s is refused here and accepted by mqtt-packet', (_name, hex) => {
  const frame = encode.hex(hex);

  expect(clausesOf(frame)).not.toEqual([]);
  expect(theirs(frame)).not.toBe('refused');
});
