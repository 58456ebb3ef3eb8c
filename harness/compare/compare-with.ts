import type { RunRecord } from '../report/run-record.ts';
import { compareFindings } from './compare-findings.ts';
import { compareLatency } from './compare-latency.ts';
import { findChanged, findUnobserved } from './compare-observations.ts';
import type { Comparison, LostClause, LostVerdict } from './comparison.ts';
import type { Reference } from './reference.ts';
import { sideOfRun } from './reference-from-run.ts';
import { verdictsByScenario } from './verdicts-by-scenario.ts';

/** Compares a run with what it is held against. Pure: the same records give the same comparison. */
export function compareWith(reference: Reference, record: RunRecord): Comparison {
  const { shifts, test } = compareLatency(reference.run?.measurements ?? [], record.measurements);
  return {
    schema: 'qlhil-comparison/1',
    old: reference.side,
    new: sideOfRun(record),
    ...compareFindings(reference, record),
    changed: findChanged(reference.observations, record),
    unobserved: findUnobserved(reference.run?.observations ?? [], record),
    latency: shifts,
    latencyTest: test,
    ...compareCourse(reference, record),
  };
}

type CourseChanges = Pick<Comparison, 'noVerdict' | 'onlyInOld' | 'onlyInNew' | 'unexercised'>;

/** What ran in one and not in the other. */
function compareCourse({ run }: Reference, record: RunRecord): CourseChanges {
  if (run === undefined) return { noVerdict: [], onlyInOld: [], onlyInNew: [], unexercised: [] };
  const before = new Set(run.outcomes.map(({ scenario }) => scenario));
  const now = new Set([...record.outcomes, ...record.notRun].map(({ scenario }) => scenario));
  return {
    noVerdict: findLostVerdicts(run, record),
    onlyInOld: [...before].filter((scenario) => !now.has(scenario)),
    onlyInNew: [...now].filter((scenario) => !before.has(scenario)),
    unexercised: findUnexercised(run, record),
  };
}

function findLostVerdicts(run: NonNullable<Reference['run']>, record: RunRecord): LostVerdict[] {
  const judged = verdictsByScenario(record);
  const outcomes = new Map(record.outcomes.map((outcome) => [outcome.scenario, outcome]));
  const notRun = new Map(record.notRun.map(({ scenario, why }) => [scenario, why]));
  return [...verdictsByScenario(run).values()].flatMap(({ scenario, outcome: was }): LostVerdict[] => {
    if (judged.has(scenario)) return [];
    const now = outcomes.get(scenario);
    if (now !== undefined) return [{ scenario, was, is: now.outcome, why: now.why ?? now.missing ?? '' }];
    const why = notRun.get(scenario);
    return why === undefined ? [] : [{ scenario, was, is: 'not run', why }];
  });
}

/** Of scenarios that ran in both, or so it is hoped: coverage is counted by run, not by scenario. */
function findUnexercised(run: NonNullable<Reference['run']>, record: RunRecord): LostClause[] {
  const now = new Map(record.coverage.map(({ clause, exercised }) => [clause, exercised]));
  return run.coverage
    .filter(({ clause, exercised }) => exercised > 0 && (now.get(clause) ?? 0) === 0)
    .map(({ clause, kind, says }) => ({ clause, kind, says }));
}
