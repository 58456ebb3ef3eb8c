import { expect, test } from '@jest/globals';
import { decodeFrame } from '../frame/decode.ts';
import { encode } from '../frame/encode.ts';
import { ConnectionLint } from './connection-lint.ts';
import { Sessions } from './sessions.ts';

/** One step of a conversation: `>` from the module, `<` to it. */
type Step = `${'>' | '<'} ${string}`;

const CONNECT = '> 100d 0004 4d515454 04 02 003c 0001 63';
const CONNECT_KEEPING = '> 100d 0004 4d515454 04 00 003c 0001 63';
const CONNACK = '< 20020000';
const CONNACK_PRESENT = '< 20020100';

const Q1 = '> 3206 0001 61 0007 01';
const Q1_DUP = '> 3a06 0001 61 0007 01';
const Q1_DUP_AS_8 = '> 3a06 0001 61 0008 01';
const Q1_OTHER = '> 3206 0001 61 0007 02';
const Q1_OTHER_DUP = '> 3a06 0001 61 0007 02';
const Q2 = '> 3406 0001 61 0007 01';
const Q2_DUP = '> 3c06 0001 61 0007 01';
const Q2_EIGHT = '> 3406 0001 61 0008 01';

/** Runs conversations on connections one after the other, of one client; returns what each module frame broke. */
function lint(...connections: readonly (readonly Step[])[]): string[] {
  const sessions = new Sessions();
  return connections.flatMap((steps, index) => {
    const line = new ConnectionLint(index + 1, sessions);
    return steps.flatMap((step) => {
      const frame = decodeFrame(encode.hex(step.slice(2)));
      if (step.startsWith('<')) line.toModule(frame);
      return step.startsWith('>') ? line.fromModule(frame).map(({ clause }) => clause) : [];
    });
  });
}

function lintOne(...steps: readonly Step[]): string[] {
  return lint([CONNECT, CONNACK, ...steps]);
}

test('the first packet must be CONNECT', () => {
  expect(lint(['> c000', CONNECT])).toEqual(['MQTT-3.1.0-1']);
});

test('a malformed CONNECT is not taken for another first packet', () => {
  expect(lint(['> 100a 0004 4d515454 04 02 003c'])).toEqual(['MQTT-3.1.3-3']);
});

test('a second CONNECT on a connection is found', () => {
  expect(lintOne(CONNECT)).toEqual(['MQTT-3.1.0-2']);
});

test('a packet after DISCONNECT is found', () => {
  expect(lintOne('> e000', '> c000')).toEqual(['MQTT-3.14.4-2']);
});

test('a packet id is free again after its PUBACK', () => {
  expect(lintOne(Q1, '< 40020007', Q1_OTHER)).toEqual([]);
});

test('a packet id is not free before its PUBACK', () => {
  expect(lintOne(Q1, '< 40020006', Q1_OTHER)).toEqual(['MQTT-2.3.1-2']);
});

test('an ack of the wrong kind frees no packet id', () => {
  expect(lintOne(Q1, '< 70020007', Q1_OTHER)).toEqual(['MQTT-2.3.1-2']);
});

test('a resend with DUP 1 is fine, with DUP 0 it is not', () => {
  expect(lintOne(Q1, Q1_DUP)).toEqual([]);
  expect(lintOne(Q1, Q1)).toEqual(['MQTT-3.3.1-1']);
});

test('a resend that crosses its PUBACK is fine', () => {
  expect(lintOne(Q1, '< 40020007', Q1_DUP, '< 40020007')).toEqual([]);
});

test('a resend with another content is found', () => {
  expect(lintOne(Q1, Q1_OTHER_DUP)).toEqual(['MQTT-2.3.1-3']);
});

test('a resend under another id is found', () => {
  expect(lintOne(Q1, Q1_DUP_AS_8)).toEqual(['MQTT-2.3.1-3']);
  expect(lintOne(Q1, '< 40020007', Q1_DUP_AS_8)).toEqual(['MQTT-4.3.2-1']);
});

test('a first PUBLISH with DUP 1 is found for QoS 1 and for QoS 2', () => {
  expect(lintOne(Q1_DUP)).toEqual(['MQTT-4.3.2-1']);
  expect(lintOne(Q2_DUP)).toEqual(['MQTT-4.3.3-1']);
});

test('a whole QoS 2 delivery frees its packet id', () => {
  expect(lintOne(Q2, '< 50020007', '> 62020007', '< 70020007', Q1)).toEqual([]);
});

test('PUBREL may be sent again, also when it crosses PUBCOMP', () => {
  expect(lintOne(Q2, '< 50020007', '> 62020007', '> 62020007', '< 70020007', '> 62020007')).toEqual([]);
});

test('PUBLISH again after PUBREL is found', () => {
  expect(lintOne(Q2, '< 50020007', '> 62020007', Q2_DUP)).toEqual(['MQTT-4.3.3-1']);
});

test('PUBREL without PUBREC is found', () => {
  expect(lintOne(Q2, '> 62020007')).toEqual(['MQTT-4.3.3-1']);
  expect(lintOne('> 62020007')).toEqual(['MQTT-4.3.3-1']);
});

test('PUBREL as answer to a PUBREC that nothing asked for is fine', () => {
  expect(lintOne('< 50020009', '> 62020009')).toEqual([]);
});

test('PUBCOMP without PUBREL frees no packet id', () => {
  expect(lintOne(Q2, '< 70020007', Q1_OTHER)).toEqual(['MQTT-2.3.1-2']);
});

test('PUBRELs must come in the order of the PUBRECs', () => {
  const both: Step[] = [Q2, Q2_EIGHT, '< 50020008', '< 50020007'];
  expect(lintOne(...both, '> 62020008', '> 62020007')).toEqual([]);
  expect(lintOne(...both, '> 62020007', '> 62020008')).toEqual(['MQTT-4.6.0-4']);
});

test('a request on a packet id that a publish has is found, and the other way round', () => {
  expect(lintOne(Q1, '> 8206 0007 0001 61 00')).toEqual(['MQTT-2.3.1-2']);
  expect(lintOne('> 8206 0007 0001 61 00', Q1)).toEqual(['MQTT-2.3.1-2']);
});

test('a SUBSCRIBE may be sent again as it is', () => {
  const subscribe = '> 8206 0007 0001 61 00';
  expect(lintOne(subscribe, subscribe)).toEqual([]);
  expect(lintOne(subscribe, '> 8206 0007 0001 62 00')).toEqual(['MQTT-2.3.1-2']);
});

test('requests free their packet id by their own answer', () => {
  expect(lintOne('> 8206 0007 0001 61 00', '< 90030007 00', Q1)).toEqual([]);
  expect(lintOne('> a205 0007 0001 61', '< b0020007', Q1)).toEqual([]);
  expect(lintOne('> a205 0007 0001 61', '< 90030007 00', Q1)).toEqual(['MQTT-2.3.1-2']);
});

test('PUBACKs and PUBRECs must come in the order of the PUBLISHes', () => {
  const two: Step[] = ['< 3205 0001 61 0001', '< 3205 0001 61 0002'];
  expect(lintOne(...two, '> 40020001', '> 40020002')).toEqual([]);
  expect(lintOne(...two, '> 40020002', '> 40020001')).toEqual(['MQTT-4.6.0-2']);
  const twice: Step[] = ['< 3405 0001 61 0001', '< 3405 0001 61 0002'];
  expect(lintOne(...twice, '> 50020002', '> 50020001')).toEqual(['MQTT-4.6.0-3']);
});

test('a PUBACK that is missing makes no later one late', () => {
  expect(
    lintOne('< 3205 0001 61 0001', '< 3205 0001 61 0002', '< 3205 0001 61 0003', '> 40020002', '> 40020003'),
  ).toEqual([]);
});

test('an answer to nothing is found, and one of the wrong kind', () => {
  expect(lintOne('> 40020009')).toEqual(['MQTT-2.3.1-6']);
  expect(lintOne('> 50020009')).toEqual(['MQTT-2.3.1-6']);
  expect(lintOne('> 70020009')).toEqual(['MQTT-4.3.3-2']);
  expect(lintOne('< 3405 0001 61 0001', '> 40020001')).toEqual(['MQTT-3.3.4-1']);
  expect(lintOne('< 3205 0001 61 0001', '> 50020001')).toEqual(['MQTT-3.3.4-1']);
});

test('a PUBLISH that is delivered twice is acknowledged twice', () => {
  const again: Step[] = ['< 3205 0001 61 0001', '> 40020001', '< 3a05 0001 61 0001', '> 40020001'];
  expect(lintOne(...again)).toEqual([]);
});

test('a session that is kept resends with DUP 1 on the next connection', () => {
  expect(lint([CONNECT_KEEPING, CONNACK, Q1], [CONNECT_KEEPING, CONNACK_PRESENT, Q1_DUP])).toEqual([]);
  expect(lint([CONNECT_KEEPING, CONNACK, Q1], [CONNECT_KEEPING, CONNACK_PRESENT, Q1])).toEqual(['MQTT-3.3.1-1']);
});

test('a session that the server has lost leaves its packet ids free', () => {
  expect(lint([CONNECT_KEEPING, CONNACK, Q1], [CONNECT_KEEPING, CONNACK, Q1_OTHER])).toEqual([]);
});

test('requests die with their connection', () => {
  const subscribe = '> 8206 0007 0001 61 00';
  expect(lint([CONNECT_KEEPING, CONNACK, subscribe], [CONNECT_KEEPING, CONNACK_PRESENT, Q1])).toEqual([]);
});

test('what a clean CONNECT discarded must not be sent', () => {
  expect(lint([CONNECT_KEEPING, CONNACK, Q1], [CONNECT, CONNACK, Q1_DUP])).toEqual(['MQTT-3.1.2-6']);
  expect(lint([CONNECT, CONNACK, Q2, '< 50020007'], [CONNECT, CONNACK, '> 62020007'])).toEqual(['MQTT-3.1.2-6']);
  expect(lint([CONNECT, CONNACK, Q1], [CONNECT, CONNACK, Q1])).toEqual([]);
});
