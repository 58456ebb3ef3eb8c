import type { RunRecord } from '../report/run-record.ts';
import type { ComparedSide } from './comparison.ts';
import { findingsOf } from './findings-of.ts';
import type { Reference } from './reference.ts';

/** Another run, as what one is held against. */
export function referenceFromRun(record: RunRecord): Reference {
  const { outcomes, coverage, observations, measurements } = record;
  return {
    side: sideOfRun(record),
    findings: outcomes.flatMap(findingsOf).map(({ rule, clause, kind, message, scenario }) => {
      return { rule, clause, kind, message, isIn: (other) => other === scenario };
    }),
    observations,
    run: { outcomes, coverage, observations, measurements },
  };
}

export function sideOfRun({ module, started, seed, totals }: RunRecord): ComparedSide {
  const { sku, revision, spec } = module;
  return { kind: 'run', sku, revision, spec, started, seed, scenarios: totals.scenarios };
}
