import { expect, test } from '@jest/globals';
import { decodeFrame } from './decode.ts';
import { encode } from './encode.ts';

function packet(hex: string) {
  return decodeFrame(encode.hex(hex)).packet;
}

test('a CONNECT with all its fields is read', () => {
  const fields = '0001 63 0002 772f 0003 626965 0001 75 0002 7077';
  expect(packet(`101d 0004 4d515454 04 ee 000a ${fields}`)).toMatchObject({
    type: 'CONNECT',
    protocolName: 'MQTT',
    protocolLevel: 4,
    cleanSession: true,
    keepAliveS: 10,
    clientId: 'c',
    will: { topic: 'w/', message: { length: 3, head: '626965' }, qos: 1, retain: true },
    userName: 'u',
    password: { length: 2 },
  });
});

test('a CONNECT without the optional fields has null for them', () => {
  expect(packet('100c 0004 4d515454 04 00 0000 0000')).toMatchObject({ will: null, userName: null, password: null });
});

test('the password is for claims and is not among the strings that are linted', () => {
  const decoded = decodeFrame(encode.hex('1013 0004 4d515454 04 c2 003c 0000 0001 75 0002 ffff'));

  expect(decoded.password?.toString('hex')).toBe('ffff');
  expect(decoded.strings.map(({ role }) => role)).toEqual(['protocol name', 'client id', 'user name']);
});

test.each([
  ['3005 0002 6162 70', { topic: { text: 'ab' } }],
  ['3006 0003 616263 70', { topic: { text: 'abc' } }],
  ['3005 0002 6163 70', { topic: { text: 'ac' } }],
  ['3003 0001 61', { topic: { text: 'a' } }],
  ['3003 0002 61', { type: 'malformed', why: 'topic name announces 2 bytes, 1 left' }],
  ['3001 00', { type: 'malformed' }],
])('after a PUBLISH to ab, %s is read as what it is', (hex, expected) => {
  packet('3005 0002 6162 70');

  expect(packet(hex)).toMatchObject(expected);
});

test.each([
  ['3205 0001 61 0007', { type: 'PUBLISH', qos: 1, dup: false, retain: false, packetId: 7, payload: { length: 0 } }],
  ['3b06 0001 61 0007 00', { type: 'PUBLISH', qos: 1, dup: true, retain: true, payload: { length: 1, head: '00' } }],
  ['3605 0001 61 0007', { type: 'PUBLISH', qos: 3, packetId: 7 }],
  ['3004 0002 c328', { type: 'PUBLISH', topic: { text: null, head: 'c328' } }],
  ['20020105', { type: 'CONNACK', sessionPresent: true, returnCode: 5 }],
  ['40020007', { type: 'PUBACK', packetId: 7 }],
  ['50020007', { type: 'PUBREC', packetId: 7 }],
  ['62020007', { type: 'PUBREL', packetId: 7 }],
  ['7002ffff', { type: 'PUBCOMP', packetId: 65535 }],
  ['820a 0001 0001 61 02 0001 62 00', { type: 'SUBSCRIBE', filters: [{ filter: { text: 'a' }, qos: 2 }, { qos: 0 }] }],
  ['90040001 0280', { type: 'SUBACK', packetId: 1, codes: [2, 128] }],
  ['a2050001 0001 61', { type: 'UNSUBSCRIBE', packetId: 1, filters: [{ text: 'a' }] }],
  ['b0020001', { type: 'UNSUBACK', packetId: 1 }],
  ['c000', { type: 'PINGREQ' }],
  ['d000', { type: 'PINGRESP' }],
  ['e000', { type: 'DISCONNECT' }],
])('%s is read', (hex, expected) => {
  expect(packet(hex)).toMatchObject(expected);
});

test.each([
  ['0000', 'packet type 0 is reserved'],
  ['f000', 'packet type 15 is reserved'],
  ['c00100', '1 bytes after the last field'],
  ['400100', 'packet id is missing or cut'],
  ['4003000700', '1 bytes after the last field'],
  ['200100', 'return code is missing'],
  ['3005 0009 61 0007', 'topic name announces 9 bytes, 3 left'],
  ['3203 0001 61', 'packet id is missing or cut'],
  ['8205 0001 0001 61', 'requested QoS is missing'],
  ['100c 0004 4d515454 04 80 0000 0000', 'length of user name is missing or cut'],
  ['100d 0004 4d515454 05 00 0000 00 0000', 'protocol level 5 is not readable by 3.1.1'],
])('%s is malformed', (hex, why) => {
  expect(packet(hex)).toMatchObject({ type: 'malformed', why });
});

test('text is cut to its limit, its summary is of the whole', () => {
  const decoded = decodeFrame(encode.publish({ topic: 'x'.repeat(1000) })).packet;

  expect(decoded).toMatchObject({ topic: { length: 1000, text: 'x'.repeat(256) } });
});
