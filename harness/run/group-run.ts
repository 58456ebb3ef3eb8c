import { readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asError, isFailure } from '../errors.ts';
import type { Problem } from '../report/run-record.ts';
import { OutcomeFollower } from './follow-outcomes.ts';
import type { ScenarioOutcome } from './outcome.ts';
import type { Lane, Plan } from './plan.ts';
import type { Progress } from './progress.ts';
import { findUnwritable } from './record-failure.ts';
import type { IndexedScenario } from './scenario-index.ts';
import { JestProcess } from './start-jest.ts';
import { findStarts } from './start-mark.ts';
import { findWedge } from './wedge-mark.ts';

const SHOWN_LOG_CHARACTERS = 2_000;
const LAST_LOOK = 'the last look';

export interface GroupRunOptions {
  readonly plan: Plan;
  readonly selected: readonly IndexedScenario[];
  readonly shuffle: boolean;
  /** A private folder for this group. */
  readonly folder: string;
  readonly lifelinePath: string;
  readonly onOutcome: (outcome: ScenarioOutcome) => void;
  /** The disk is full; `why` in a sentence. */
  readonly onUnwritable: (why: string) => void;
}

/** The scenarios on one group of modules, in one Jest. */
export class GroupRun {
  readonly outcomes: ScenarioOutcome[] = [];
  readonly #options: GroupRunOptions;
  readonly #follower: OutcomeFollower;
  readonly #failures = new Map<string, string>();
  readonly #logPath: string;
  #jest: JestProcess | undefined;
  #exitCode: number | null = null;

  constructor(options: GroupRunOptions) {
    this.#options = options;
    this.#logPath = join(options.plan.runDir, 'jest.log');
    this.#follower = new OutcomeFollower(options.plan.runDir);
  }

  /** Resolves when Jest has ended, however it did. */
  async run(): Promise<void> {
    const { plan, selected, shuffle, folder, lifelinePath } = this.#options;
    const planPath = this.#planPath;
    writeFileSync(planPath, JSON.stringify(plan), { mode: 0o600 });
    const files = [...new Set(selected.map(({ file }) => file))];
    this.#jest = await JestProcess.start({
      files,
      folder,
      planPath,
      lifelinePath,
      workers: plan.lanes.length,
      repeat: plan.repeat,
      shuffleSeed: shuffle ? plan.seed : undefined,
      logPath: this.#logPath,
      onProgress: (progress) => this.#hear(progress),
    });
    // Jest tells of a scenario once it has run as often as asked; its outcomes are on the disk one by one.
    const watcher = watch(plan.runDir, () => this.#readOutcomes());
    watcher.on('error', () => watcher.close()); // what it would have told of is read at the end
    this.#exitCode = (await this.#jest.ended).exitCode;
    watcher.close();
    this.#readOutcomes();
  }

  kill(): void {
    this.#jest?.kill();
  }

  /**
   * Looks at each module once more: of what became of it after its last scenario, no other outcome tells. After Jest has ended.
   *
   * @param stopped aborted when the record is being written
   */
  async lookLast(stopped: AbortSignal): Promise<void> {
    const { plan } = this.#options;
    await Promise.all(plan.lanes.map((lane, index) => this.#lookLastAt(lane, index + 1, stopped)));
    if (!stopped.aborted) this.#readOutcomes();
  }

  async #lookLastAt(lane: Lane, laneNumber: number, stopped: AbortSignal): Promise<void> {
    const planPath = this.#planPath;
    const wasLeft = findStarts({ planPath, laneNumber }) !== undefined;
    if (!wasLeft || findWedge(laneNumber, planPath) !== undefined) return;
    try {
      const { lookLast } = await import('./look-last.ts');
      const bugs = await lookLast({ plan: this.#options.plan, lane, laneNumber, planPath }, stopped);
      if (bugs.length > 0) this.#failures.set(LAST_LOOK, `the judge broke: ${bugs.join('; ')}`);
    } catch (thrown) {
      const { message } = asError(thrown);
      if (isFailure(thrown, 'RECORD_UNWRITABLE')) this.#options.onUnwritable(message);
      else this.#failures.set(LAST_LOOK, message);
    }
  }

  /** Selected scenarios that have fewer outcomes than asked for. */
  missing(): readonly string[] {
    const { plan, selected } = this.#options;
    const counts = new Map<string, number>();
    for (const { scenario } of this.outcomes) counts.set(scenario, (counts.get(scenario) ?? 0) + 1);
    return selected.map(({ id }) => id).filter((id) => (counts.get(id) ?? 0) < plan.repeat);
  }

  /**
   * Failures that Jest told of and no outcome explains, or Jest's own end: bugs of the harness.
   *
   * @param isStopped whether the run was asked to end early, so that it may have left scenarios out
   */
  problems(isStopped: boolean): readonly Problem[] {
    if (this.#failures.size === 0 && this.missing().length > 0) return isStopped ? [] : [this.#jestFailed()];
    const failed = new Set(this.outcomes.filter(({ outcome }) => outcome === 'fail').map(({ scenario }) => scenario));
    return [...this.#failures].filter(([where]) => !failed.has(where)).map(([where, message]) => ({ where, message }));
  }

  get #planPath(): string {
    return join(this.#options.folder, 'plan.json');
  }

  #jestFailed(): Problem {
    const end = readFileSync(this.#logPath, 'utf8').trim().slice(-SHOWN_LOG_CHARACTERS);
    return {
      where: 'Jest',
      message: `it ended early (exit ${this.#exitCode}), ${end === '' ? 'without a word' : `saying: ${end}`}`,
    };
  }

  #hear(progress: Progress): void {
    if (progress.k === 'file-failed') this.#failures.set(progress.file, progress.failure);
    if (progress.k !== 'ended') return;
    const unwritable = findUnwritable(progress.failure ?? '');
    if (unwritable !== undefined) this.#options.onUnwritable(unwritable);
    else if (progress.failure !== null) this.#failures.set(progress.scenario, progress.failure);
    this.#readOutcomes();
  }

  #readOutcomes(): void {
    for (const outcome of this.#newOutcomes()) {
      this.outcomes.push(outcome);
      this.#options.onOutcome(outcome);
    }
  }

  #newOutcomes(): readonly ScenarioOutcome[] {
    try {
      return this.#follower.read();
    } catch (thrown) {
      this.#failures.set('outcomes', asError(thrown).message);
      return [];
    }
  }
}
