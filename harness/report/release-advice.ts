import { count } from './describe-run.ts';
import { isDeviation, type RunRecord } from './run-record.ts';

/** The answer that a page begins with. */
export interface Advice {
  readonly tone: 'pass' | 'fail' | 'inconclusive';
  /** What to do, in a few words. */
  readonly headline: string;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** What a run says about the release of the firmware that it tried. A failure is one, whatever else went wrong. */
export function adviseOn(record: RunRecord): Advice {
  const { exitCode, totals } = record;
  if (totals.fail > 0 || exitCode === 1) return { tone: 'fail', headline: 'Do not release', reason: failed(record) };
  switch (exitCode) {
    case 0:
      return { tone: 'pass', headline: 'Nothing speaks against it', reason: passed(record) };
    case 3: {
      const unclear = [...some(totals.inconclusive, 'came to no verdict'), ...some(totals.notRun, 'did not run')];
      const what = unclear.length === 0 ? 'A module could not be reached.' : `${sentence(unclear)}.`;
      return {
        tone: 'inconclusive',
        headline: 'No verdict: the rig was in the way',
        reason: `${what} Mend the rig and run again.`,
      };
    }
    case 4:
      return {
        tone: 'inconclusive',
        headline: 'No verdict: the harness broke',
        reason: 'This is a bug of the harness, not of the firmware; what it says is listed below.',
      };
    case 5:
      return { tone: 'inconclusive', headline: 'No verdict: nothing ran', reason: 'Every scenario was left out.' };
    case 6:
      return {
        tone: 'inconclusive',
        headline: 'Flaky',
        reason: `${count(totals.flaky, 'scenario')} did not end the same at each attempt.`,
      };
    default:
      return {
        tone: 'inconclusive',
        headline: 'No verdict: the run ended early',
        reason: `${totals.notRun} of ${count(totals.scenarios, 'scenario')} did not run.`,
      };
  }
}

function passed({ totals }: RunRecord): string {
  const ran = totals.scenarios - totals.skipped - totals.notRun;
  const beside = [
    ...(totals.knownFailure > 0 ? [count(totals.knownFailure, 'known failure')] : []),
    ...(totals.deviations > 0 ? [count(totals.deviations, 'deviation')] : []),
  ];
  const rest = beside.length === 0 ? '' : `, with ${beside.join(' and ')}`;
  return `${totals.pass} of the ${ran} scenarios that ran passed, none failed${rest}.`;
}

function failed(record: RunRecord): string {
  const { outcomes, knownFailures, strict, totals, failOnChange, changes } = record;
  const findings = outcomes.filter(({ outcome }) => outcome === 'fail').flatMap((outcome) => outcome.findings);
  const clauses = new Set(findings.filter((finding) => strict || !isDeviation(finding)).map(({ clause }) => clause));
  const healed = knownFailures.filter(({ isHealed }) => isHealed).length;
  const parts = [
    ...(totals.fail > 0
      ? [`${totals.fail} of ${count(totals.scenarios, 'scenario')} failed, on ${count(clauses.size, 'clause')}`]
      : []),
    ...(totals.notRun > 0 ? [`${totals.notRun} did not run`] : []),
    ...(failOnChange && changes.length > 0
      ? [`${count(changes.length, 'observation')} changed since the baseline`]
      : []),
    ...(healed > 0 ? [`${count(healed, 'known failure')} passed: strike it off the list`] : []),
  ];
  return `${parts.join('; ')}.`;
}

function some(number: number, what: string): string[] {
  return number === 0 ? [] : [`${count(number, 'scenario')} ${what}`];
}

function sentence(parts: readonly string[]): string {
  return parts.join(', ');
}
