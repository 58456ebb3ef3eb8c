import type { RecordedOutcome, RunRecord } from '../report/run-record.ts';
import type { Baseline } from './baseline.ts';
import type { KnownFailure } from './known-failure.ts';
import { isMet, isOfScenario } from './matches-known-failure.ts';
import type { Finding } from './outcome.ts';

/**
 * What is accepted by accepting a run: its observations, its failures, each with the reason given, and its deviations.
 *
 * A failure that was known keeps its own entry and reason, unless it has begun to pass. A new one is known for whatever revision: it holds
 * until it passes, which turns the next run red.
 */
export function baselineOfRun(record: RunRecord, reason: string): Baseline {
  const { module, started, outcomes } = record;
  const kept = record.knownFailures.filter(({ met }) => met > 0).map(withoutReview);
  const judged = outcomes.filter(({ outcome }) => outcome !== 'inconclusive');
  return {
    schema: 'qlhil-baseline/1',
    sku: module.sku,
    revision: module.revision,
    module: module.spec,
    sdk: module.sdk,
    started,
    observations: groupObservations(record),
    known: [...kept, ...newFailures(judged, kept, { sku: module.sku, reason })],
    deviations: distinct(judged.flatMap((outcome) => findingsIn(outcome, 'inferred'))).map(
      ({ rule, clause, scenario }) => {
        return { rule, clause, scenario };
      },
    ),
  };
}

interface FoundIn extends Finding {
  readonly scenario: string;
}

function findingsIn({ scenario, findings }: RecordedOutcome, wanted: Finding['kind']): FoundIn[] {
  return findings.filter(({ kind }) => kind === wanted).map((finding) => Object.assign({ scenario }, finding));
}

function newFailures(
  outcomes: readonly RecordedOutcome[],
  known: readonly KnownFailure[],
  { sku, reason }: { readonly sku: string; readonly reason: string },
): KnownFailure[] {
  const found = outcomes.flatMap((outcome) => findingsIn(outcome, 'specified'));
  const fresh = found.filter(
    (finding) => !known.some((entry) => isMet(entry, finding) && isOfScenario(entry, finding.scenario)),
  );
  return distinct(fresh).map(({ rule, clause, scenario }) => {
    return { rule, clause, sku, revision: '.*', scenario: escapePattern(scenario), reason };
  });
}

function withoutReview({ rule, clause, sku, revision, scenario, reason }: KnownFailure): KnownFailure {
  return { rule, clause, sku, revision, ...(scenario === undefined ? {} : { scenario }), reason };
}

function groupObservations({ observations }: RunRecord): Baseline['observations'] {
  const groups = new Map<string, Baseline['observations'][number]>();
  for (const { clause, name, value } of observations) {
    const key = `${clause} ${name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { clause, name, values: [value] });
    else if (!group.values.includes(value)) group.values.push(value);
  }
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function distinct(findings: readonly FoundIn[]): readonly FoundIn[] {
  const byKey = new Map(findings.map((finding) => [`${finding.rule} ${finding.clause} ${finding.scenario}`, finding]));
  return [...byKey.values()];
}

/** Known failures name scenarios by a pattern for the whole id. */
function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/gu, String.raw`\$&`);
}
