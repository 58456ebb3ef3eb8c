import type { ClauseText, RunRecord } from '../report/run-record.ts';
import type { ExitCode } from './exit-code.ts';
import type { ScenarioOutcome } from './outcome.ts';
import type { StopRequest } from './stop-request.ts';

/** Whoever shows a run while it runs. */
export interface RunView {
  /** Something takes long, or should be known. */
  note(text: string): void;
  begun(run: BegunRun): void;
  outcome(outcome: ScenarioOutcome): void;
}

export interface BegunRun {
  readonly folder: string;
  readonly scenarios: number;
  readonly modules: number;
  /** Kinds of modules; each runs all scenarios. */
  readonly groups: number;
  readonly seed: number;
}

/** What a run needs besides its request. */
export interface RunContext {
  readonly view: RunView;
  readonly stop: StopRequest;
  /** All clauses, for the coverage. */
  readonly clauses: readonly ClauseText[];
}

/** One group of modules, and where its record is. */
export interface RecordedGroup {
  readonly folder: string;
  readonly record: RunRecord;
}

export interface RunResult {
  readonly groups: readonly RecordedGroup[];
  readonly exitCode: ExitCode;
}
