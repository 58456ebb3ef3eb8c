import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { decodeFrame } from '../../broker/frame/decode.ts';
import type { Clock } from '../clock.ts';
import { TRACE_HEADER } from '../oracle/trace-builder.ts';
import { crc32 } from '../protocol/crc32.ts';
import type { TimelineEvent } from './events.ts';
import { readTimeline } from './read-timeline.ts';
import { Timeline } from './timeline.ts';

let folder: string;
let path: string;
const clock: Clock & { ms: number } = { ms: 1000, nowMs: () => clock.ms };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timeline-'));
  path = join(folder, 'a.ndjson');
  clock.ms = 1000;
});

afterEach(() => rmSync(folder, { recursive: true }));

function open(): Timeline {
  return Timeline.open(path, TRACE_HEADER, { clock, hashKey: 'key' });
}

async function readBack(): Promise<TimelineEvent[]> {
  const { events } = await readTimeline(path);
  const all: TimelineEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

async function waitUntil(isSo: () => boolean): Promise<void> {
  while (!isSo())
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
}

function lines(): string[] {
  return readFileSync(path, 'utf8').split('\n').slice(0, -1);
}

test('what was appended is read back in the same order, numbered from 1', async () => {
  const timeline = open();
  const told: TimelineEvent[] = [];
  timeline.subscribe((event) => told.push(event));
  timeline.host({ k: 'phase', phase: 'body' });
  timeline.broker({
    k: 'tcp-open',
    at: 1007,
    conn: 1,
    listener: 'main',
    port: 1883,
    remote: { address: 'a', port: 1 },
  });
  timeline.module({ seq: 1, t: 5, e: 'call', token: 7, fn: 'init', slot: 0, task: 1 }, 1010);
  timeline.close();

  const events = await readBack();

  expect(events).toEqual(told);
  expect(events.map(({ n, at, src, k }) => [n, at, src, k])).toEqual([
    [1, 0, 'host', 'phase'],
    [2, 7, 'broker', 'tcp-open'],
    [3, 10, 'module', 'call'],
  ]);
});

test('a module event gets the time that the clock offset in force makes of its own, and when it was heard', () => {
  using timeline = open();
  timeline.host({ k: 'clock', offsetMs: 900, epsilonMs: 2, driftPpm: 0 });

  const event = timeline.module({ seq: 1, t: 150, e: 'reset', why: 'test' }, 1060);

  expect(event).toMatchObject({ k: 'reset', at: 50, heard: 60, t: 150 });
  expect(event).not.toHaveProperty('e');
});

test('the offset in the file takes module time to the time of the timeline', async () => {
  const timeline = open();
  timeline.host({ k: 'clock', offsetMs: 900, epsilonMs: 2, driftPpm: 0 });
  timeline.module({ seq: 1, t: 150, e: 'reset', why: 'test' }, 1060);
  timeline.close();

  const [measured, reset] = await readBack();

  expect(measured).toMatchObject({ k: 'clock', offsetMs: -100 });
  expect(reset).toMatchObject({ at: 150 - 100 });
});

test('a wait and a sync bring all that came before them to the file at once', () => {
  using timeline = open();
  timeline.host({ k: 'phase', phase: 'body' });
  expect(lines()).toHaveLength(1);

  timeline.host({ k: 'wait', reason: 'x', budgetMs: 1, takenMs: 1, ok: true });
  expect(lines()).toHaveLength(3);

  timeline.host({ k: 'trouble', what: 'x' });
  timeline.host({ k: 'sync' }, 1500);
  expect(lines()).toHaveLength(5);
});

test('what becomes of the parameters of a request afterwards is not in the file', () => {
  const timeline = open();
  const params = { topic: 'a' };
  timeline.host({ k: 'request', method: 'mqtt.publish', params });
  params.topic = 'b';
  timeline.close();

  expect(lines().at(-1)).toContain('"params":{"topic":"a"}');
});

test('so many events in one turn that it would hold the memory are in the file before its end', () => {
  const timeline = open();
  for (let i = 0; i < 1000; i += 1) timeline.broker({ k: 'fin', at: 1000, conn: 1, dir: 'up' });

  expect(lines().length).toBeGreaterThan(700);
  timeline.close();
});

test('the end of the turn brings the rest to the file', async () => {
  using timeline = open();
  timeline.host({ k: 'phase', phase: 'body' });

  await new Promise((resolve) => setImmediate(resolve));

  expect(lines()).toHaveLength(2);
});

test('a turn that follows at once is written a moment later', async () => {
  using timeline = open();
  timeline.host({ k: 'phase', phase: 'body' });
  await new Promise((resolve) => setImmediate(resolve));
  timeline.host({ k: 'phase', phase: 'end' });

  await waitUntil(() => lines().length === 3);

  expect(lines()).toHaveLength(3);
});

test('a timeline refuses to be written over another', () => {
  open().close();

  expect(open).toThrow(/EEXIST/);
});

test('after close nothing is written and nobody is told, and closing again is no error', () => {
  const timeline = open();
  timeline.close();
  timeline.broker({ k: 'fin', at: 1001, conn: 1, dir: 'up' });
  timeline.close();

  expect(lines()).toHaveLength(1);
});

test('subscriber numbers in AT answers and in noise do not reach the file', () => {
  const timeline = open();
  timeline.module({ seq: 1, t: 1, e: 'at', request: 1, line: '+CIMI: 460001234567890' });
  timeline.host({ k: 'noise', hex: Buffer.from('"867123456789012"').toString('hex'), length: 17, why: 'bad-checksum' });
  timeline.close();

  const text = readFileSync(path, 'utf8');

  expect(text).not.toContain('460001234567890');
  expect(text).not.toContain(Buffer.from('867123456789012').toString('hex'));
  expect(text).toMatch(/\+CIMI: [0-9a-f]{12}-7890/);
});

const SIGNATURE = 'Ej7%2FbB9wOOXDjeYpM2yI5kKZBZQ%3D';
const TOKEN = `version=2018-10-31&res=products%2F1%2Fdevices%2Fled&et=1537255523&method=sha1&sign=${SIGNATURE}`;

test('the signature of a token does not reach the file, and two that were the same still are', async () => {
  const timeline = open();
  const other = TOKEN.replace('Ej7', 'Ej8');
  timeline.host({ k: 'expect', predicate: 'text', params: { token: 7, text: TOKEN }, clause: 'M-16.token' });
  timeline.host({ k: 'trouble', what: `not a token: ${TOKEN}` });
  timeline.host({ k: 'noise', hex: Buffer.from(`"${TOKEN}"`).toString('hex'), length: 9, why: 'bad-checksum' });
  const ret = { t: 1, e: 'ret', token: 7, fn: 'onenet_token', slot: 0, task: 1, ret: 1 } as const;
  timeline.module({ ...ret, seq: 1, text: TOKEN });
  timeline.module({ ...ret, seq: 2, text: other });
  timeline.close();

  const written = readFileSync(path, 'utf8');
  const texts = (await readBack()).flatMap((event) => (event.k === 'ret' ? [event.text] : []));
  const [expected] = (await readBack()).flatMap((event) => (event.k === 'expect' ? [event.params['text']] : []));

  expect(written).not.toContain(SIGNATURE);
  expect(written).not.toContain(Buffer.from(SIGNATURE).toString('hex'));
  expect(texts[0]).toBe(expected);
  expect(texts[1]).not.toBe(expected);
  expect(expected).toMatch(
    /^version=2018-10-31&res=products%2F1%2Fdevices%2Fled&et=1537255523&method=sha1&sign=[0-9a-f]{24}$/,
  );
});

test('the password of a CONNECT does not reach the file, its length and CRC-32 do', () => {
  const timeline = open();
  const bytes = Buffer.from('101b00044d51545404c2003c0001620004757365720006733363723374', 'hex');
  const { packet } = decodeFrame(bytes);
  const frame = { conn: 1, dir: 'up', frame: 1, length: bytes.length, hex: bytes.toString('hex'), lint: [] } as const;
  const event = timeline.broker({ k: 'frame', at: 1001, ...frame, packet });
  timeline.close();

  const written = readFileSync(path, 'utf8');

  expect(packet).toMatchObject({ type: 'CONNECT', password: { head: '733363723374' } });
  expect(written).not.toContain('7333637233');
  expect(event).toMatchObject({
    hex: frame.hex.replace('733363723374', '2a'.repeat(6)),
    packet: { password: { length: 6, crc32: crc32(Buffer.from('s3cr3t')) } },
  });
});

test('the exit of a process in the middle of a turn loses nothing that was appended', () => {
  using timeline = open();
  timeline.host({ k: 'phase', phase: 'body' });

  const [flush] = process.listeners('exit').slice(-1);
  flush?.call(process, 0);

  expect(lines()).toHaveLength(2);
});

test('a last line that was cut short is tolerated and told', async () => {
  const timeline = open();
  timeline.host({ k: 'phase', phase: 'body' });
  timeline.host({ k: 'phase', phase: 'end' });
  timeline.close();
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, -9));

  const { events, isTorn } = await readTimeline(path);
  let read = 0;
  for await (const _ of events) read += 1;

  expect(read).toBe(1);
  expect(isTorn()).toBe(true);
});

test.each([
  ['an empty file', '', /a\.ndjson:1: the file is empty/],
  ['another schema', '{"schema":"other"}\n', /a\.ndjson:1: no header/],
  ['a line that is not JSON', `${JSON.stringify(TRACE_HEADER)}\n{oops\n{}\n`, /a\.ndjson:2: not JSON/],
  [
    'an unknown kind',
    `${JSON.stringify(TRACE_HEADER)}\n{"n":1,"at":0,"src":"host","k":"nope"}\n`,
    /a\.ndjson:2: unknown kind nope/,
  ],
  [
    'a missing member',
    `${JSON.stringify(TRACE_HEADER)}\n{"n":1,"at":0,"src":"host","k":"trouble"}\n`,
    /a\.ndjson:2: trouble without what/,
  ],
  [
    'a packet that lacks a member',
    `${JSON.stringify(TRACE_HEADER)}\n{"n":1,"at":0,"src":"broker","k":"frame","conn":1,"dir":"up","length":2,"hex":"","packet":{"type":"SUBSCRIBE","packetId":1},"lint":[]}\n`,
    /a\.ndjson:2: frame with a malformed packet/,
  ],
  [
    'a cipher suite that is none',
    `${JSON.stringify(TRACE_HEADER)}\n{"n":1,"at":0,"src":"broker","k":"client-hello","conn":1,"ciphers":[null]}\n`,
    /a\.ndjson:2: client-hello with a malformed ciphers/,
  ],
  [
    'numbers that fall',
    `${JSON.stringify(TRACE_HEADER)}\n{"n":2,"at":0,"src":"host","k":"sync"}\n{"n":2,"at":0,"src":"host","k":"sync"}\n`,
    /a\.ndjson:3: event 2 after event 2/,
  ],
])('%s is refused with the line number', async (_, text, message) => {
  writeFileSync(path, text);

  await expect(readBack()).rejects.toThrow(message);
});

test('a file that is not there is refused with its name', async () => {
  await expect(readBack()).rejects.toMatchObject({ code: 'CONFIGURATION', data: { subject: path } });
});
