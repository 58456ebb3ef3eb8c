import { writeSync } from 'node:fs';
import { holdLifeline } from './lifeline-client.ts';
import { PROGRESS_FD, type Progress } from './progress.ts';

/** The parts of Jest's reports that are read. */
interface TestFile {
  readonly path: string;
}
interface CaseStart {
  readonly fullName: string;
}
interface CaseEnd {
  readonly fullName: string;
  readonly failureMessages: readonly string[];
}
interface FileEnd {
  readonly failureMessage?: string | null;
  readonly numFailingTests: number;
}

/** Jest's reporter in a run: passes on what happens, and decides nothing. */
// oxlint-disable-next-line import/no-default-export -- Jest takes a reporter by its default export
export default class ProgressReporter {
  constructor() {
    holdLifeline();
  }

  onTestCaseStart(_file: TestFile, { fullName }: CaseStart): void {
    tell({ k: 'begun', scenario: fullName });
  }

  onTestCaseResult(_file: TestFile, { fullName, failureMessages }: CaseEnd): void {
    tell({ k: 'ended', scenario: fullName, failure: failureMessages[0] ?? null });
  }

  onTestFileResult({ path }: TestFile, { failureMessage, numFailingTests }: FileEnd): void {
    if (failureMessage && numFailingTests === 0) tell({ k: 'file-failed', file: path, failure: failureMessage });
  }
}

function tell(progress: Progress): void {
  writeSync(PROGRESS_FD, `${JSON.stringify(progress)}\n`);
}
