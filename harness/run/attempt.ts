import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemClock } from '../clock.ts';
import { asError } from '../errors.ts';
import { type AttemptResult, attemptOnce } from './attempt-once.ts';
import { finishRequested } from './lifeline-client.ts';
import { loadPlan } from './load-plan.ts';
import type { Finding, ScenarioOutcome } from './outcome.ts';
import { logOutcome } from './outcome-log.ts';
import type { ScenarioVariant } from './scenario.ts';
import { outcomeOfAttempts, skippedOutcome, unreachableOutcome } from './scenario-outcome.ts';
import { findWedge } from './wedge-mark.ts';
import { type Workbench, workbench } from './workbench.ts';

/** One retry, of an inconclusive attempt only: a module's failure is never tried away. */
const MAX_ATTEMPTS = 2;

/**
 * Runs a scenario on this worker's module, as often as its plan says, and logs each outcome.
 *
 * @throws Error — with the first finding, for whoever watches Jest; the log is what counts
 */
export async function attempt(variant: ScenarioVariant, budgetMs: number, file: string): Promise<void> {
  const { plan, lane, laneNumber } = loadPlan();
  if (plan.only !== null && !plan.only.includes(variant.id)) return;
  let failure: Finding | undefined;
  for (let round = 0; round < plan.repeat && !finishRequested.aborted; round++) {
    const wedged = findWedge(laneNumber);
    const unreachable = (why: string) => ({
      outcome: unreachableOutcome(variant, { file, lane, laneNumber, why }),
      bugs: [],
    });
    const { outcome, bugs } =
      wedged === undefined
        ? await workbench().then(
            (bench) => outcomeOn(bench, variant, { budgetMs, round, file }),
            (thrown: unknown) => unreachable(asError(thrown).message),
          )
        : unreachable(wedged);
    logOutcome(plan.runDir, laneNumber, outcome);
    // The log can't say it: an outcome is the module's. Jest's own failure makes the run a bug of the harness.
    if (bugs.length > 0) throw new Error(`the judge broke: ${bugs.join('; ')}`);
    if (outcome.outcome === 'fail') failure ??= outcome.findings[0];
  }
  if (failure !== undefined) throw new Error(`${failure.rule} [${failure.clause}]: ${failure.message}`);
}

export interface JudgedOutcome {
  readonly outcome: ScenarioOutcome;
  /** Rules that threw. */
  readonly bugs: readonly string[];
}

export interface Round {
  readonly budgetMs: number;
  /** From 0. */
  readonly round: number;
  readonly file: string;
}

/** The outcome of a scenario on a module: of its first attempt, or of a second one after an inconclusive first. */
export async function outcomeOn(
  bench: Workbench,
  variant: ScenarioVariant,
  { budgetMs, round, file }: Round,
): Promise<JudgedOutcome> {
  const missing = variant.needs?.find((need) => !bench.offers.includes(need));
  if (missing !== undefined) return { outcome: skippedOutcome(bench, variant, file, missing), bugs: [] };
  const startedMs = systemClock.nowMs();
  const results: AttemptResult[] = [];
  do {
    const number = round * MAX_ATTEMPTS + results.length + 1;
    const timeline = timelinePath(bench, variant, number);
    results.push(await attemptOnce(bench, variant, { number, budgetMs, timeline }));
  } while (isWorthARetry(results, bench));
  return {
    outcome: outcomeOfAttempts(bench, variant, { file, results, durationMs: systemClock.nowMs() - startedMs }),
    bugs: results.flatMap(({ verdict }) => verdict.bugs),
  };
}

function isWorthARetry(results: readonly AttemptResult[], { laneNumber }: Workbench): boolean {
  const isInconclusive = results.at(-1)?.attempt.outcome === 'inconclusive';
  return isInconclusive && results.length < MAX_ATTEMPTS && findWedge(laneNumber) === undefined;
}

function timelinePath({ plan, laneNumber }: Workbench, { id }: ScenarioVariant, number: number): string {
  const lane = plan.lanes.length > 1 ? `.${laneNumber}` : '';
  const path = join('timelines', `${id.replaceAll('/', '__')}${lane}.${number}.ndjson`);
  mkdirSync(join(plan.runDir, dirname(path)), { recursive: true });
  return path;
}
