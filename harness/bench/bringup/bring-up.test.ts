import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startVirtual } from '../../../test/support/start-virtual.ts';
import { encodeLine } from '../../protocol/line.ts';
import { benchHost } from '../discovery/bench-host.ts';
import type { VisitOptions } from '../doctor/visit.ts';
import { buildFirmware } from '../firmware-build.ts';
import { packageRoot } from '../package-root.ts';
import { blot, blotLine } from './blot.ts';
import { bringUp, type FactResult } from './bring-up.ts';
import { FACTS } from './facts.ts';
import { FirstHour } from './first-hour.ts';
import { playTranscript } from './play-transcript.ts';
import { type FirstHourResult, runFirstHour } from './run-first-hour.ts';
import { parseTranscript, type TranscriptEntry } from './transcript.ts';

const BUDGET_MS = 60_000;
const IDS = FACTS.map(({ id }) => id);
let folder = '';
const before = process.env['QLHIL_LOCK_DIR'];
beforeAll(() => buildFirmware('r03'), 600_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-test-'));
  process.env['QLHIL_LOCK_DIR'] = join(folder, 'locks');
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
afterAll(() => {
  if (before === undefined) delete process.env['QLHIL_LOCK_DIR'];
  else process.env['QLHIL_LOCK_DIR'] = before;
});

interface Hour extends FirstHourResult {
  readonly transcript: readonly TranscriptEntry[];
}

const HERE = { host: '127.0.0.1', listen: '127.0.0.1' };

async function firstHour(query = '', change: Partial<VisitOptions> = {}): Promise<Hour> {
  const home = join(folder, 'module');
  await using _ = await startVirtual(`virtual:EC200U-CN${query}`, { folder: home });
  const transcript: TranscriptEntry[] = [];
  const options = { host: benchHost('a test', home), broker: HERE, folder, nowMs: () => Date.now(), ...change };
  const keep = (entry: TranscriptEntry) => void transcript.push(entry);
  const result = await runFirstHour(options, { check: () => undefined, fact: () => undefined, keep });
  return { ...result, transcript };
}

async function play(entries: readonly TranscriptEntry[]): Promise<readonly FactResult[]> {
  await using hour = new FirstHour(playTranscript(entries));
  return await bringUp(hour, () => undefined);
}

const seen = (facts: readonly FactResult[]) => facts.map(({ fact: { id }, holds, saw }) => ({ id, holds, saw }));

const kept = (entries: readonly TranscriptEntry[]) =>
  entries.flatMap((entry) => (entry.k === 'fact' ? [{ id: entry.id, holds: entry.holds, saw: entry.saw }] : []));

test(
  'on a module of which all facts hold each is seen in order, and the transcript plays back to the same',
  async () => {
    const { facts, transcript } = await firstHour('?set.mqtt.request_ms=300');
    const text = transcript.map((entry) => JSON.stringify(entry)).join('\n');

    const again = await play(parseTranscript(text));

    expect(facts.filter(({ holds }) => !holds)).toEqual([]);
    expect(facts.map(({ fact: { id } }) => id)).toEqual(IDS);
    expect(kept(transcript)).toEqual(seen(facts));
    expect(seen(again)).toEqual(seen(facts));
    expect(text).not.toMatch(/00101540\d{7}/u);
  },
  BUDGET_MS,
);

test.each([
  ['revision', '?revision=LC76GABNR01A01', {}, 'SKU unknown'],
  ['data-call', '?set.datacall=refused', {}, 'NETWORK_FAILED'],
  ['date', '?set.clock.offset_s=-86400', {}, "the module's clock minus ours is -8"],
  ['way', '', { broker: { ...HERE, host: '127.0.0.2' } }, 'nobody came to 127.0.0.1:'],
  ['receive-size', '?set.mqtt.rx_max=2048&set.mqtt.request_ms=300', {}, 'the connection was lost instead'],
  ['in-flight', '?set.mqtt.max_inflight=3', {}, '3 were taken; the last publish returned -'],
  ['clients', '?set.mqtt.max_clients=4', {}, '4 were made; the last init returned -4 MQTTCLIENT_ALLOC_FAIL'],
])(
  'it stops at %s, the first fact that does not hold, with "%s"',
  async (id, query, change, saw) => {
    const { facts } = await firstHour(query, change);

    expect(facts.map(({ fact }) => fact.id)).toEqual(IDS.slice(0, IDS.indexOf(id) + 1));
    expect(facts.map(({ holds }) => holds)).toEqual(facts.map(({ fact }) => fact.id !== id));
    expect(facts.at(-1)?.saw).toContain(saw);
  },
  BUDGET_MS,
);

test('a transcript in which another answer stands does not play back to the same', async () => {
  const entries = parseTranscript(shipped('virtual-EC200U-CN.ndjson'));
  const changed = entries.map(withoutTls);

  const facts = await play(changed);

  expect(facts.at(-1)).toMatchObject({ fact: { id: 'tls' }, holds: false });
});

test.each(readdirSync(join(packageRoot, 'fixtures', 'transcripts')).filter((name) => name.endsWith('.ndjson')))(
  'the transcript %s plays back to what was seen then',
  async (name) => {
    const entries = parseTranscript(shipped(name));

    expect(seen(await play(entries))).toEqual(kept(entries));
    expect(kept(entries).length).toBeGreaterThan(0);
  },
  BUDGET_MS,
);

test('a malformed line of a transcript is named', () => {
  const header = '{"k":"header","schema":"qlhil-transcript/1","started":"","atPort":"","apn":null}';

  expect(() => parseTranscript(`${header}\n{"k":"sideways"}\n`)).toThrow(/^line 2 of the transcript/u);
  expect(() => parseTranscript('{"k":"now","ms":1}\n')).toThrow(/no header/u);
});

test('subscriber numbers are blotted out, and what merely has digits is not', () => {
  const line = encodeLine('{"imei":"861234567890123"}').trimEnd();
  const other = '{"head":"3030303030303030","crc32":907060870,"t":1764327327000}';

  expect(blot('+QCCID: 89860012345678901234')).toBe('+QCCID: 00000000000000001234');
  expect(blot(other)).toBe(other);
  expect(blotLine(line)).toBe(encodeLine('{"imei":"000000000000123"}').trimEnd());
});

test('the table of docs/first-hardware.md is that of the program', () => {
  const text = readFileSync(join(packageRoot, 'docs', 'first-hardware.md'), 'utf8');
  const rows = FACTS.map(
    ({ id, mark, says, probe, ifNot }) => `| \`${id}\` | ${mark} | ${says} | ${probe} | ${ifNot} |`,
  );

  expect(text.split('\n').filter((line) => /^\| `[a-z-]+` \| (?:inferred|unknown) \|/u.test(line))).toEqual(rows);
});

function withoutTls(entry: TranscriptEntry): TranscriptEntry {
  return entry.k === 'seen' ? { k: 'seen', seen: { ...entry.seen, tlsVersion: null } } : entry;
}

function shipped(name: string): string {
  return readFileSync(join(packageRoot, 'fixtures', 'transcripts', name), 'utf8');
}
