// Judges a timeline by all rules, as `qlhil check` does. Prints the time it took and the most memory that it held.
import { JudgeApart } from '../bin/judge-apart.ts';

const [, , path = ''] = process.argv;
const started = performance.now();
await using judge = new JudgeApart();
const { verdict } = await judge.check({ path, rules: undefined, strict: false, since: undefined });
const ms = performance.now() - started;
if (verdict.outcome !== 'pass') throw new Error(`a sound module was judged ${verdict.outcome}`);
process.stdout.write(`${JSON.stringify({ ms, peakMb: process.resourceUsage().maxRSS / 1024 })}\n`);
