import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { allRules } from '../harness/oracle/rules/all-rules.ts';
import { checkTimeline } from '../harness/run/check-timeline.ts';
import { clauseKind } from '../scenarios/clauses/all-clauses.ts';
import { writeTimeline } from './generated-timeline.ts';

const EVENTS = 8000;

test('a generated timeline is that of a sound module, exercises most rules and is the same for the same seed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'generated-'));
  try {
    const [path, again] = [join(folder, 'a.ndjson'), join(folder, 'b.ndjson')];
    writeTimeline(path, EVENTS, 7);
    writeTimeline(again, EVENTS, 7);

    const { verdict } = await checkTimeline(path, { rules: allRules, clauseKind });

    expect(verdict).toMatchObject({ outcome: 'pass', findings: [], bugs: [] });
    expect(Object.values(verdict.exercised).filter((times) => times > 0).length).toBeGreaterThan(50);
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(path, 'utf8'));
    expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(1 + EVENTS);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
