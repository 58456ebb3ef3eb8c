import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sampleFinding, sampleOutcome } from '../report/sample-run.ts';
import { OutcomeFollower } from './follow-outcomes.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const line = (scenario: string) => `${JSON.stringify(sampleOutcome({ scenario, findings: [sampleFinding()] }))}\n`;
const file = (worker: number) => join(folder, `outcomes.${worker}.ndjson`);

test('each outcome is read once, as its file grows', () => {
  const follower = new OutcomeFollower(folder);
  writeFileSync(file(1), line('a/1'));
  const first = follower.read();
  appendFileSync(file(1), line('a/2'));
  writeFileSync(file(2), line('a/3'));

  const second = follower.read();

  expect(first).toEqual([sampleOutcome({ scenario: 'a/1', findings: [sampleFinding()] })]);
  expect(second.map(({ scenario }) => scenario)).toEqual(['a/2', 'a/3']);
  expect(follower.read()).toEqual([]);
});

test('a line that is still being written is left for later, even if it is cut inside of a character', () => {
  const follower = new OutcomeFollower(folder);
  const bytes = Buffer.from(line('a/größer'));
  const cut = bytes.indexOf(Buffer.from('ö')) + 1;
  writeFileSync(file(1), bytes.subarray(0, cut));
  const early = follower.read();

  appendFileSync(file(1), bytes.subarray(cut));

  expect(early).toEqual([]);
  expect(follower.read().map(({ scenario }) => scenario)).toEqual(['a/größer']);
});

test('a line that is no outcome is a bug of the harness, and named', () => {
  const follower = new OutcomeFollower(folder);
  writeFileSync(file(3), '{"scenario":"a/1"}\n');

  expect(() => follower.read()).toThrow(/outcomes\.3\.ndjson holds a line that is no outcome/u);
});

test('other files of the run are none of its business', () => {
  writeFileSync(join(folder, 'run.json'), 'x\n');

  expect(new OutcomeFollower(folder).read()).toEqual([]);
});
