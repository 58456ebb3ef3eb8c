import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import mqttPacket from 'mqtt-packet';
import { dirOf, legalPacket, mutatedFrame } from '../../test/support/any-frame.ts';
import type { TextSummary } from '../events.ts';
import { pcapOf } from '../support/pcap.ts';
import { decodeFrame } from './decode.ts';
import { encode } from './encode.ts';

/** What Wireshark's dissector makes of a frame: fields as it prints them, empty where there is none. */
type Dissected = Readonly<Record<string, string>>;

const FIELDS = [
  'mqtt.msgtype',
  'mqtt.hdrflags',
  'mqtt.msgid',
  'mqtt.topic_len',
  'mqtt.topic',
  'mqtt.qos',
  'mqtt.retain',
  'mqtt.dupflag',
  'mqtt.msg',
  'mqtt.conack.val',
  'mqtt.sub.qos',
  'mqtt.suback.qos',
  'mqtt.protoname',
  'mqtt.ver',
  'mqtt.clientid',
  'mqtt.username',
  'mqtt.passwd_len',
  'mqtt.kalive',
  'mqtt.willtopic',
  'mqtt.willmsg',
  '_ws.malformed',
] as const;

const OUTPUT_BYTES = 1 << 26;

function dissect(frames: readonly Buffer[]): readonly Dissected[] {
  const folder = mkdtempSync(join(tmpdir(), 'qlhil-tshark-'));
  try {
    const path = join(folder, 'frames.pcap');
    writeFileSync(path, pcapOf(frames.map((bytes) => ({ dir: dirOf(bytes), bytes }))));
    const form = ['-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a', '-E', 'aggregator=,'];
    const words = [
      '-r',
      path,
      '-o',
      'mqtt.default_version:MQTT v3.1.1',
      ...form,
      ...FIELDS.flatMap((name) => ['-e', name]),
    ];
    const lines = execFileSync('tshark', words, { encoding: 'utf8', stdio: 'pipe', maxBuffer: OUTPUT_BYTES })
      .split('\n')
      .slice(0, -1);
    return lines.map((line) => {
      const values = line.split('\t');
      return Object.fromEntries(FIELDS.map((name, index) => [name, values[index] ?? '']));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same fields out of our own decoding; what a packet of that type does not have is left out. */
function ours(frame: Buffer): Dissected {
  const { packet, typeNibble } = decodeFrame(frame);
  const common = {
    'mqtt.msgtype': String(typeNibble),
    'mqtt.hdrflags': `0x${Number(frame[0]).toString(16).padStart(2, '0')}`,
  };
  switch (packet.type) {
    case 'CONNECT':
      return {
        ...common,
        'mqtt.protoname': packet.protocolName,
        'mqtt.ver': String(packet.protocolLevel),
        'mqtt.clientid': packet.clientId,
        'mqtt.kalive': String(packet.keepAliveS),
        'mqtt.username': packet.userName ?? '',
        'mqtt.passwd_len': packet.password === null ? '' : String(packet.password.length),
        'mqtt.willtopic': packet.will?.topic ?? '',
      };
    case 'CONNACK':
      return { ...common, 'mqtt.conack.val': String(packet.returnCode) };
    case 'PUBLISH':
      return {
        ...common,
        'mqtt.dupflag': packet.dup ? '1' : '0',
        'mqtt.qos': String(packet.qos),
        'mqtt.retain': packet.retain ? '1' : '0',
        'mqtt.msgid': packet.packetId === null ? '' : String(packet.packetId),
        'mqtt.topic_len': String(packet.topic.length),
        'mqtt.topic': textOf(packet.topic),
      };
    case 'SUBSCRIBE':
      return {
        ...common,
        'mqtt.msgid': String(packet.packetId),
        'mqtt.topic_len': packet.filters.map(({ filter }) => filter.length).join(','),
        'mqtt.topic': packet.filters.map(({ filter }) => textOf(filter)).join(','),
        'mqtt.sub.qos': packet.filters.map(({ qos }) => qos).join(','),
      };
    case 'UNSUBSCRIBE':
      return {
        ...common,
        'mqtt.msgid': String(packet.packetId),
        'mqtt.topic_len': packet.filters.map(({ length }) => length).join(','),
        'mqtt.topic': packet.filters.map(textOf).join(','),
      };
    case 'SUBACK':
      return { ...common, 'mqtt.msgid': String(packet.packetId), 'mqtt.suback.qos': packet.codes.join(',') };
    case 'malformed':
      return {};
    default:
      return 'packetId' in packet ? { ...common, 'mqtt.msgid': String(packet.packetId) } : common;
  }
}

/** Ill-formed UTF-8 is no text here, and something replaced there. */
function textOf({ text }: TextSummary): string {
  return text ?? '\uFFFD';
}

/** Text is for display there: what can't be shown is escaped or replaced. Its length is compared all the same. */
const TEXTS = new Set(['mqtt.topic', 'mqtt.clientid', 'mqtt.username', 'mqtt.willtopic', 'mqtt.protoname']);
const NOT_SHOWN_AS_IT_IS = /[\p{C}\uFFFD\\]/u;

/** Frames that we call malformed and that are dissected there without complaint. */
const PASSED_OVER_THERE: readonly (readonly [why: RegExp, because: string])[] = [
  [/bytes after the last field/u, 'what follows the last field is left alone'],
  [/packet type 0 is reserved/u, 'the type is shown as reserved'],
  [/packet type 15 is reserved/u, 'it is AUTH in MQTT 5'],
  [/protocol level \d+ is not readable/u, 'level 5 is dissected by MQTT 5, others as far as they go'],
];

const SEED = 20_261_128;

/** What the two say differently of a frame. */
function differences(frame: Buffer, theirs: Dissected | undefined): readonly string[] {
  const { packet } = decodeFrame(frame);
  const isMalformedThere = theirs?.['_ws.malformed'] !== '';
  if (packet.type === 'malformed') {
    const isKnown = isMalformedThere || PASSED_OVER_THERE.some(([why]) => why.test(packet.why));
    return isKnown ? [] : [`${frame.toString('hex')} is malformed here (${packet.why}) and not there`];
  }
  if (isMalformedThere) return [`${frame.toString('hex')} is malformed there and not here`];
  return Object.entries(ours(frame))
    .filter(([name, value]) => !(TEXTS.has(name) && NOT_SHOWN_AS_IT_IS.test(value)) && theirs?.[name] !== value)
    .map(([name, value]) => `${frame.toString('hex')}: ${name} is ${value} here and ${theirs?.[name]} there`);
}

function allDifferences(frames: readonly Buffer[]): readonly string[] {
  const theirs = dissect(frames);
  expect(theirs).toHaveLength(frames.length);
  return frames.flatMap((frame, index) => differences(frame, theirs[index]));
}

test('Wireshark reads the same fields out of every legal frame, and calls none malformed', () => {
  const frames = fc.sample(legalPacket, { numRuns: 1000, seed: SEED }).map((packet) => mqttPacket.generate(packet));

  expect(frames.filter((frame) => decodeFrame(frame).packet.type === 'malformed')).toEqual([]);
  expect(allDifferences(frames)).toEqual([]);
});

test('of frames with changed bytes it reads what we read; what only we call malformed is on the list', () => {
  expect(allDifferences(fc.sample(mutatedFrame, { numRuns: 3000, seed: SEED }))).toEqual([]);
});

test.each([
  ['bytes after the last field', '4003000700'],
  ['bytes after the last field', 'd00100'],
  ['packet type 0 is reserved', '0000'],
  ['packet type 15 is reserved', 'f000'],
  ['protocol level 5 is not readable', '100e 0004 4d515454 05 02 003c 00 0001 63'],
])('%s: malformed here, passed over there', (why, hex) => {
  const frame = encode.hex(hex);

  expect(decodeFrame(frame).packet).toMatchObject({ type: 'malformed', why: expect.stringContaining(why) });
  expect(dissect([frame])).toMatchObject([{ '_ws.malformed': '' }]);
});

test('a frame whose fields run over its end is malformed there too', () => {
  expect(dissect([encode.hex('3205 0009 61 0000')])).not.toMatchObject([{ '_ws.malformed': '' }]);
});
