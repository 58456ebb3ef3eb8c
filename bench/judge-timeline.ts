// Judges a timeline by all rules, as `qlhil check` does. Prints the time it took and the most memory that it held.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JudgeApart } from '../bin/judge-apart.ts';
import { writeTimeline } from './generated-timeline.ts';

/** Enough to have the rules loaded, which is no part of what is measured. */
const FIRST_EVENTS = 10;

const [, , path = ''] = process.argv;
const folder = mkdtempSync(join(tmpdir(), 'qlhil-judge-'));
const first = join(folder, 'first.ndjson');
writeTimeline(first, FIRST_EVENTS, 1);
const asked = { rules: undefined, strict: false, since: undefined };

await using judge = new JudgeApart();
await judge.check({ path: first, ...asked });
rmSync(folder, { recursive: true });
const started = performance.now();
const { verdict } = await judge.check({ path, ...asked });
const ms = performance.now() - started;
if (verdict.outcome !== 'pass') throw new Error(`a sound module was judged ${verdict.outcome}`);
process.stdout.write(`${JSON.stringify({ ms, peakMb: process.resourceUsage().maxRSS / 1024 })}\n`);
