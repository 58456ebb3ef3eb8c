import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { createJudge } from '../oracle/judge.ts';
import { publishPacket } from '../oracle/packets.ts';
import { allRules } from '../oracle/rules/all-rules.ts';
import { connectedTrace, TRACE_HEADER, type Trace } from '../oracle/trace-builder.ts';
import { type CheckOptions, checkTimeline } from './check-timeline.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-'));
  path = join(folder, 'a.ndjson');
});

afterEach(() => rmSync(folder, { recursive: true }));

const options: CheckOptions = { rules: allRules, clauseKind: () => 'specified' };

/** A publish that succeeds without its PUBACK, and an exception out of nothing. */
function wrongTrace(): Trace {
  return connectedTrace()
    .call(40, 'publish', 7, -2, { topic: 'a/b', payload: 'hello', qos: 1, retain: 0 })
    .up(42, publishPacket({ packetId: 5 }))
    .enter(50, 'request', 7, 0)
    .exception(60)
    .sync(3000)
    .host(3001, { k: 'phase', phase: 'end' });
}

function record({ events }: Trace): void {
  writeFileSync(path, [TRACE_HEADER, ...events].map((line) => `${JSON.stringify(line)}\n`).join(''));
}

test('a recorded timeline gives the verdict that was given when it was recorded', async () => {
  const trace = wrongTrace();
  const judge = createJudge(TRACE_HEADER, allRules, options.clauseKind);
  for (const event of trace.events) judge.see(event);
  record(trace);

  const checked = await checkTimeline(path, options);

  expect(checked).toEqual({ header: TRACE_HEADER, verdict: judge.end(), isTorn: false });
  expect(checked.verdict.findings.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['QC-01', 'KA-05']));
});

test('a timeline that was cut short is judged as far as it goes, and is not whole', async () => {
  record(wrongTrace());
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, -20));

  const { verdict, isTorn } = await checkTimeline(path, options);

  expect(isTorn).toBe(true);
  expect(verdict.outcome).toBe('fail');
  expect(verdict.troubles).toContain('the timeline breaks off before the end of the scenario');
});

test('a damaged timeline is refused with the line that is damaged', async () => {
  record(wrongTrace());
  writeFileSync(path, readFileSync(path, 'utf8').replace('"k":"tcp-open"', '"k":"tcp-oven"'));

  await expect(checkTimeline(path, options)).rejects.toThrow(/a\.ndjson:\d+: unknown kind tcp-oven/);
});

test('since: what was found before does not count, what led up to it is known all the same', async () => {
  record(wrongTrace());
  const exception = wrongTrace().events.findIndex(({ k, at }) => k === 'enter' && at === 60) + 1;
  const foundSince = async (since: NonNullable<CheckOptions['since']>) => {
    const { verdict } = await checkTimeline(path, { ...options, since });
    return verdict.findings.map(({ rule }) => rule);
  };

  for (const since of [{ n: exception }, { ms: 60 }]) {
    expect(await foundSince(since)).toContain('KA-05');
    expect(await foundSince(since)).not.toContain('QC-01');
  }
  expect(await foundSince({ n: 1 })).toContain('QC-01');
  expect(await foundSince({ ms: 90_000 })).toEqual([]);
});
