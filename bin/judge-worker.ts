import { parentPort } from 'node:worker_threads';
import { findClosestName } from '../harness/bench/closest-name.ts';
import { allRelations } from '../harness/oracle/relations/all-relations.ts';
import { allRules } from '../harness/oracle/rules/all-rules.ts';
import { type CheckOptions, checkTimeline } from '../harness/run/check-timeline.ts';
import { clauseKind } from '../scenarios/clauses/all-clauses.ts';
import type { Question } from './judge-apart.ts';
import { usageError } from './usage-error.ts';

/*
 * A thread that judges timelines, one for each question. It ends with the first that it can't judge: what it throws is what
 * JudgeApart is told.
 */
parentPort?.on('message', async ({ path, rules, strict, since }: Question) => {
  const options = { ...chosenRules(rules), ...(since === undefined ? {} : { since }), clauseKind, strict };
  parentPort?.postMessage(await checkTimeline(path, options));
});

/** The rules and relations of these ids. @throws HarnessError CONFIGURATION — one is not known */
function chosenRules(ids: string | undefined): Pick<CheckOptions, 'rules' | 'relations' | 'expectations'> {
  if (ids === undefined) return { rules: allRules, relations: allRelations };
  const wanted = new Set(ids.split(',').map((id) => id.trim().toUpperCase()));
  const known = [...allRules, ...allRelations].map(({ id }) => id);
  for (const id of wanted) {
    if (known.includes(id)) continue;
    const closest = findClosestName(id, known);
    throw usageError(
      `no rule is called '${id}'${closest === undefined ? '' : `; did you mean ${closest}?`} (qlhil list rules)`,
    );
  }
  return {
    rules: allRules.filter(({ id }) => wanted.has(id)),
    relations: allRelations.filter(({ id }) => wanted.has(id)),
    expectations: false,
  };
}
