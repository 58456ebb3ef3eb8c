import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeRun, readRecord } from '../../test/support/made-run.ts';
import { TemporaryFolder } from '../../test/support/temporary-folder.ts';
import { readEvidence } from './read-evidence.ts';

const folder = new TemporaryFolder();
const run = join(folder.path, 'run');
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => void makeRun(run, { passing: 5, events: 5000 }));

const evidence = (allBytes: number, eachBytes = allBytes) =>
  readEvidence(run, readRecord(run), { allBytes, eachBytes }).timelines;

function unpacked(packed = ''): readonly string[] {
  return inflateRawSync(Buffer.from(packed, 'base64')).toString().trimEnd().split('\n');
}

test('what fits is packed whole, and unpacks to the file', () => {
  const [failing] = evidence(5_000_000);

  expect([failing?.timeline, failing?.cutTo]).toEqual(['timelines/made__fails.1.ndjson', undefined]);
  expect(unpacked(failing?.packed)).toHaveLength(5001);
});

test('of one that is too long the part around what its findings cite is kept, with the header', () => {
  const [failing] = evidence(5_000_000, 30_000);

  expect(failing?.cutTo).toEqual({ from: 4478, to: 5000 });
  const [header = '', first = ''] = unpacked(failing?.packed);
  expect([JSON.parse(header).schema, JSON.parse(first).n]).toEqual(['qlhil-timeline/1', 4478]);
});

test('the failure is packed first, and nothing exceeds the budget', () => {
  const whole = evidence(5_000_000)[0]?.packed?.length ?? 0;
  const timelines = evidence(whole + 10);

  expect(timelines.map(({ packed }) => packed !== undefined)).toEqual([true, false, false, false, false, false]);
});

test('noise, lost ports and faults that never acted are counted from the lines, not from text within them', () => {
  const lines = [
    { schema: 'qlhil-timeline/1', startedAt: '2026-01-01T00:00:00.000Z' },
    { n: 1, at: 0, src: 'host', k: 'noise', hex: '', length: 0, why: '"k":"noise"' },
    { n: 2, at: 1, src: 'host', k: 'port-lost', port: 'x', why: 'gone' },
    { n: 3, at: 2, src: 'broker', k: 'fault', fault: 'reset', act: 'armed' },
    { n: 4, at: 2, src: 'broker', k: 'gate', gate: 'drop', verb: 'drop', act: 'armed', count: 0 },
    { n: 5, at: 3, src: 'broker', k: 'gate', gate: 'drop', verb: 'drop', act: 'fired', count: 1 },
    { n: 6, at: 3, src: 'broker', k: 'gate', gate: 'pings', verb: 'count', act: 'armed', count: 0 },
    { n: 7, at: 4, src: 'host', k: 'trouble', what: '"k":"noise"' },
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(join(run, 'timelines', 'made__fails.1.ndjson'), text);

  const [failing] = evidence(5_000_000);

  expect(failing).toMatchObject({ events: 7, noise: 1, portLosses: 1, unfired: ['fault reset'] });
  expect(failing?.startedAt).toBe('2026-01-01T00:00:00.000Z');
});
