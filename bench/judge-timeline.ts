// Judges a timeline by all rules, as `qlhil check` does. Prints the time it took and the most memory that it held.
import { allRelations } from '../harness/oracle/relations/all-relations.ts';
import { allRules } from '../harness/oracle/rules/all-rules.ts';
import { checkTimeline } from '../harness/run/check-timeline.ts';
import { clauseKind } from '../scenarios/clauses/all-clauses.ts';

const [, , path = ''] = process.argv;
const started = performance.now();
const { verdict } = await checkTimeline(path, { rules: allRules, relations: allRelations, clauseKind });
const ms = performance.now() - started;
if (verdict.outcome !== 'pass') throw new Error(`a sound module was judged ${verdict.outcome}`);
process.stdout.write(`${JSON.stringify({ ms, peakMb: process.resourceUsage().maxRSS / 1024 })}\n`);
