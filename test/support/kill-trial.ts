import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asError } from '../../harness/errors.ts';
import { decodeOutcome } from '../../harness/run/decode-outcome.ts';
import { readTimeline } from '../../harness/timeline/read-timeline.ts';
import { MARK_VARIABLE, type MarkedProcess, markedProcesses } from './marked-processes.ts';
import { Qlhil } from './qlhil.ts';

/** Who is killed. The broker lives in the worker. `module` is the supervisor, with its cable pulled; `firmware` is a crash. */
export const VICTIMS = ['worker', 'jest', 'command line', 'module', 'firmware'] as const;
export type Victim = (typeof VICTIMS)[number];

/** 4: a scenario was lost. 3: the module can't be reached any more. 1: the module started again by itself. */
export const EXIT_CODES: Readonly<Record<Victim, number | null>> = {
  worker: 4,
  jest: 4,
  'command line': null,
  module: 3,
  firmware: 1,
};

export interface KillTrial {
  readonly victim: Victim;
  /** From the first outcome on, or for the command line from its start. */
  readonly afterMs: number;
  /** A fresh name: the run's folder in `cwd`, and the mark of its processes. */
  readonly name: string;
  readonly cwd: string;
}

export interface KillResult {
  /** Null where the command line itself was killed. */
  readonly exitCode: number | null;
  /** What in the record can't be read; a last line that is cut short can. */
  readonly unreadable: readonly string[];
  /** Commands that did not end. */
  readonly left: readonly string[];
  /** Whether `run.json` was written. */
  readonly hasRecord: boolean;
  /** Finished scenarios on the disk. */
  readonly outcomes: number;
  /** From the end of the command line until no process was left. */
  readonly goneMs: number;
  /** The run had ended before, or was about to: nobody was killed. */
  readonly isTooLate: boolean;
}

/** Far beyond the second that it takes: a test must not fail because its machine is slow. */
const GONE_WITHIN_MS = 10_000;

/** Starts a run that would go on for minutes, kills one of its processes at the given moment, and looks at what is left. */
export async function killTrial({ victim, afterMs, name, cwd }: KillTrial): Promise<KillResult> {
  const words = ['run', '--module', 'virtual', '--grep', '^publish/', '--repeat', '500', '--out', name];
  // A run that its time has ended has another exit code, so it must have some on a slow machine too; one without a module only waits.
  const longestS = victim === 'module' ? '5' : '20';
  const started = new Qlhil([...words, '--bail', '--max-duration', longestS], {
    cwd,
    env: { [MARK_VARIABLE]: name, TMPDIR: cwd },
  });
  if (victim !== 'command line') await started.printed('✓');
  await passed(afterMs);
  const pid = victim === 'command line' ? pidOf(started) : find(victim, pidOf(started), name)?.pid;
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  const { exitCode } = await started.ended;
  const endedMs = performance.now();
  const left = await stillRunning(name);
  const goneMs = Math.round(performance.now() - endedMs);
  return { exitCode, left, goneMs, isTooLate: pid === undefined, ...(await readRun(join(cwd, name))) };
}

/** The moment at which something dies is drawn, not awaited. */
function passed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function pidOf({ child }: Qlhil): number {
  if (child.pid === undefined) throw new Error('the command line did not start');
  return child.pid;
}

function find(victim: Exclude<Victim, 'command line'>, root: number, mark: string): MarkedProcess | undefined {
  const all = markedProcesses(mark);
  const supervisor = all.find(({ command, parent }) => command.includes('qlhil-vmodule') && parent === root);
  return {
    worker: all.find(({ command }) => command.includes('jest-worker')),
    jest: all.find(({ command, parent }) => command.includes('jest/bin/jest') && parent === root),
    module: supervisor,
    firmware: all.find(({ parent }) => parent === supervisor?.pid),
  }[victim];
}

/** There is no event for the end of processes that are not ours: look again and again, for so long. */
async function stillRunning(mark: string): Promise<readonly string[]> {
  const untilMs = performance.now() + GONE_WITHIN_MS;
  while (markedProcesses(mark).length > 0 && performance.now() < untilMs) await passed(20);
  return markedProcesses(mark).map(({ command }) => command);
}

/** What a run that was killed left behind. */
export async function readRun(folder: string): Promise<Pick<KillResult, 'unreadable' | 'hasRecord' | 'outcomes'>> {
  if (!existsSync(folder)) return { unreadable: [], hasRecord: false, outcomes: 0 };
  const unreadable: string[] = [];
  let outcomes = 0;
  for (const name of readdirSync(folder).filter((file) => /^outcomes\.\d+\.ndjson$/u.test(file))) {
    const whole = readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1);
    for (const line of whole) await tell(name, unreadable, () => decodeOutcome(line, name));
    outcomes += whole.length;
  }
  const timelines = join(folder, 'timelines');
  for (const name of existsSync(timelines) ? readdirSync(timelines) : []) {
    await tell(name, unreadable, () => readThrough(join(timelines, name)));
  }
  const record = join(folder, 'run.json');
  const hasRecord = existsSync(record);
  if (hasRecord) await tell('run.json', unreadable, () => JSON.parse(readFileSync(record, 'utf8')));
  return { unreadable, hasRecord, outcomes };
}

async function readThrough(path: string): Promise<void> {
  const { events } = await readTimeline(path);
  for await (const _ of events);
}

async function tell(name: string, unreadable: string[], read: () => unknown): Promise<void> {
  try {
    await read();
  } catch (thrown) {
    unreadable.push(`${name}: ${asError(thrown).message}`);
  }
}
