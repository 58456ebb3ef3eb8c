import { EXIT, type ExitCode, pickExitCode } from './exit-code.ts';
import type { OutcomeName } from './outcome.ts';
import type { StopReason } from './stop-request.ts';

export interface RunEnding {
  readonly outcomes: readonly OutcomeName[];
  /** Selected scenarios without an outcome. */
  readonly notRun: number;
  readonly harnessProblems: number;
  /** Known failures that have begun to pass. */
  readonly healed: number;
  /** Changes against the baseline that were asked to fail. */
  readonly failingChanges: number;
  readonly stopped: StopReason | undefined;
  readonly isFlaky: boolean;
  readonly failOnFlaky: boolean;
}

/** The exit code of a run (docs/results.md). */
export function runExitCode(ending: RunEnding): ExitCode {
  return pickExitCode(applying(ending));
}

function* applying(ending: RunEnding): Generator<ExitCode> {
  const { outcomes, notRun, stopped } = ending;
  if (stopped === 'interrupted') yield EXIT.interrupted;
  if (stopped === 'terminated') yield EXIT.terminated;
  if (outcomes.includes('fail') || ending.healed > 0 || ending.failingChanges > 0) yield EXIT.moduleFailed;
  if (outcomes.includes('inconclusive')) yield EXIT.rigFailed;
  // Nobody asked for fewer: what is missing was lost.
  if (ending.harnessProblems > 0 || (notRun > 0 && stopped === undefined)) yield EXIT.harnessBug;
  if (stopped === 'unwritable' || (notRun > 0 && stopped === 'max-duration')) yield EXIT.rigFailed;
  if (ending.isFlaky && ending.failOnFlaky) yield EXIT.flaky;
  if (outcomes.every((outcome) => outcome === 'skipped')) yield EXIT.nothingRan;
}
