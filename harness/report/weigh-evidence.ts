import { chaptersOf } from './chapters.ts';
import { count, describeHealed } from './describe-run.ts';
import type { TimelineFacts } from './evidence.ts';
import type { RunRecord } from './run-record.ts';

/** Why a reader should trust a run less than its verdict sounds. */
export interface Weakness {
  readonly kind: 'harness' | 'rig' | 'not-run' | 'unfired' | 'noise' | 'never' | 'healed' | 'evidence';
  readonly headline: string;
  /** One line each, whatever there is to say besides. */
  readonly lines: readonly string[];
  /** Scenarios that it speaks of. */
  readonly scenarios: readonly string[];
}

/** A timeline's facts, and whether the page has its lines. */
export interface WeighedTimeline extends TimelineFacts {
  readonly timeline: string;
}

/** Everything that weakens a run's evidence, the gravest first. */
export function weighEvidence(record: RunRecord, timelines: readonly WeighedTimeline[]): readonly Weakness[] {
  return [
    ...harnessTrouble(record),
    ...healedFailures(record),
    ...rigTrouble(record),
    ...notRun(record),
    ...unfired(record, timelines),
    ...noise(record, timelines),
    ...missingTimelines(record, timelines),
    ...neverExercised(record),
  ];
}

function harnessTrouble({ problems }: RunRecord): Weakness[] {
  const lines = problems.map(({ where, message }) => `${where}: ${message}`);
  return some('harness', `The harness broke in ${count(lines.length, 'place')}`, { lines });
}

function healedFailures({ knownFailures }: RunRecord): Weakness[] {
  const lines = knownFailures.filter(({ isHealed }) => isHealed).map(describeHealed);
  return some('healed', `${count(lines.length, 'known failure')} passed`, { lines });
}

function rigTrouble({ outcomes }: RunRecord): Weakness[] {
  const unclear = outcomes.filter(({ outcome }) => outcome === 'inconclusive');
  const retried = outcomes.filter(
    ({ outcome, attempts }) =>
      outcome !== 'inconclusive' && attempts.some((attempt) => attempt.outcome === 'inconclusive'),
  );
  return [
    ...some('rig', `${count(unclear.length, 'scenario')} came to no verdict: the rig was in the way`, {
      lines: tally(unclear.map(({ why }) => why ?? 'no reason was given')),
      scenarios: unclear.map(({ scenario }) => scenario),
    }),
    ...some('rig', `${count(retried.length, 'scenario')} needed more than one attempt`, {
      lines: tally(retried.flatMap(({ attempts }) => attempts.flatMap(({ why }) => why ?? []))),
      scenarios: retried.map(({ scenario }) => scenario),
    }),
  ];
}

function notRun(record: RunRecord): Weakness[] {
  return some('not-run', `${count(record.notRun.length, 'scenario')} did not run`, {
    lines: tally(record.notRun.map(({ why }) => why)),
    scenarios: record.notRun.map(({ scenario }) => scenario),
  });
}

function unfired(record: RunRecord, timelines: readonly WeighedTimeline[]): Weakness[] {
  const idle = timelines.filter((facts) => facts.unfired.length > 0);
  return some('unfired', `In ${count(idle.length, 'attempt')} a fault was armed and never acted`, {
    lines: tally(idle.flatMap((facts) => facts.unfired)),
    scenarios: scenariosOf(record, idle),
  });
}

function noise(record: RunRecord, timelines: readonly WeighedTimeline[]): Weakness[] {
  const noisy = timelines.filter((facts) => facts.noise > 0 || facts.portLosses > 0);
  const lines = noisy.reduce((sum, facts) => sum + facts.noise, 0);
  const losses = noisy.reduce((sum, facts) => sum + facts.portLosses, 0);
  const what = [
    ...(lines > 0 ? [`${count(lines, 'line')} of noise on the serial link`] : []),
    ...(losses > 0 ? [`the port was lost ${count(losses, 'time')}`] : []),
  ];
  return some('noise', sentence(what.join(', ')), {
    lines: ['no evidence is lost by it: what was not acknowledged is sent again'],
    scenarios: scenariosOf(record, noisy),
  });
}

function missingTimelines({ outcomes }: RunRecord, timelines: readonly WeighedTimeline[]): Weakness[] {
  const there = new Set(timelines.map(({ timeline }) => timeline));
  const missing = outcomes.filter(({ attempts }) => attempts.some(({ timeline }) => !there.has(timeline)));
  return some('evidence', `The timelines of ${count(missing.length, 'scenario')} could not be read`, {
    lines: ['their findings stand without evidence'],
    scenarios: missing.map(({ scenario }) => scenario),
  });
}

function neverExercised(record: RunRecord): Weakness[] {
  const lines = chaptersOf(record).flatMap(({ name, clauses }) => {
    const never = clauses.filter(({ state }) => state === 'never').map(({ clause }) => clause);
    return never.length === 0 ? [] : [`${name}: ${never.join(', ')}`];
  });
  const clauses = record.coverage.filter(({ exercised, violated }) => exercised === 0 && violated === 0);
  return some('never', `${clauses.length} of ${count(record.coverage.length, 'clause')} were never exercised`, {
    lines,
  });
}

function some(
  kind: Weakness['kind'],
  headline: string,
  { lines, scenarios = [] }: { readonly lines: readonly string[]; readonly scenarios?: readonly string[] },
): Weakness[] {
  // Noise has one line of explanation whatever there is; what it is about tells whether there is anything.
  const isThere = kind === 'noise' || kind === 'evidence' ? scenarios.length > 0 : lines.length > 0;
  return isThere ? [{ kind, headline, lines, scenarios }] : [];
}

function scenariosOf({ outcomes }: RunRecord, timelines: readonly WeighedTimeline[]): string[] {
  const names = new Set(timelines.map(({ timeline }) => timeline));
  return outcomes
    .filter(({ attempts }) => attempts.some(({ timeline }) => names.has(timeline)))
    .map(({ scenario }) => scenario);
}

/** Each text once, with how often it came. */
function tally(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, times]) => (times === 1 ? text : `${text} (${times} ×)`));
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
