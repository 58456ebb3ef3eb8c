import type { Reference, ReferenceFinding } from '../compare/reference.ts';
import type { ModuleIdentity } from '../timeline/events.ts';
import type { Baseline } from './baseline.ts';
import { isAbout } from './matches-known-failure.ts';
import type { Observation } from './outcome.ts';

/** A baseline as what a run of this module is held against. */
export function referenceFromBaseline(baseline: Baseline, module: ModuleIdentity): Reference {
  const { sku, revision, module: spec, started } = baseline;
  return {
    side: { kind: 'baseline', sku, revision, spec, started, seed: null, scenarios: 0 },
    findings: [...knownFindings(baseline, module), ...deviations(baseline)],
    observations: observationsOf(baseline),
  };
}

/** One for each value that was accepted. */
export function observationsOf({ observations }: Baseline): Observation[] {
  return observations.flatMap(({ clause, name, values }) => values.map((value) => ({ clause, name, value })));
}

function knownFindings({ known }: Baseline, module: ModuleIdentity): ReferenceFinding[] {
  return known.map((entry) => ({
    rule: entry.rule,
    clause: entry.clause,
    kind: 'specified',
    message: `known: ${entry.reason}`,
    isIn: (scenario) => isAbout(entry, { scenario, module }),
  }));
}

function deviations(baseline: Baseline): ReferenceFinding[] {
  return baseline.deviations.map(({ rule, clause, scenario }) => ({
    rule,
    clause,
    kind: 'inferred',
    message: 'a deviation that was accepted',
    isIn: (other) => scenario === undefined || scenario === other,
  }));
}
