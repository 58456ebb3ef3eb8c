import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lockStatus } from '../../harness/bench/lock/module-lock.ts';
import type { VirtualModule } from '../../harness/bench/virtual-module.ts';
import { readRun } from '../../test/support/kill-trial.ts';
import { MARK_VARIABLE, markedProcesses } from '../../test/support/marked-processes.ts';
import { Qlhil } from '../../test/support/qlhil.ts';
import { startVirtual } from '../../test/support/start-virtual.ts';
import { passed } from './disturber.ts';

export interface LockKill {
  /** From the start of the command line. */
  readonly afterMs: number;
  /** From SIGKILL until the lock was free and no process left; infinite if that did not come within 30 s. */
  readonly freeAfterMs: number;
  readonly unreadable: readonly string[];
  /** Of the run that came next. */
  readonly nextExitCode: number | null;
  /** Whether it had begun to run scenarios. */
  readonly outcomes: number;
}

/** Far beyond the second that it takes: what is measured is told, not asserted. */
const GIVE_UP_MS = 30_000;
const LOOK_MS = 5;

/** A module on a bench, as far as the command line knows: it outlives the runs, and has a lock. */
export class KillBench implements AsyncDisposable {
  readonly #virtual: VirtualModule;
  readonly #folder: string;

  static async open(folder: string): Promise<KillBench> {
    mkdirSync(folder, { recursive: true });
    process.env['QLHIL_LOCK_DIR'] = join(folder, 'locks');
    const virtual = await startVirtual('virtual', { folder: join(folder, 'module') });
    return new KillBench(virtual, folder);
  }

  private constructor(virtual: VirtualModule, folder: string) {
    this.#virtual = virtual;
    this.#folder = folder;
  }

  /** Kills the command line with SIGKILL, looks at what is left, and runs a scenario on the same module. */
  async trial(name: string, afterMs: number): Promise<LockKill> {
    const run = this.#start(['--grep', '^publish/', '--repeat', '500', '--out', name], name);
    await passed(afterMs);
    run.child.kill('SIGKILL');
    const killedMs = performance.now();
    const freeAfterMs = await this.#freed(name, killedMs);
    await run.ended;
    const { unreadable, outcomes } = await readRun(join(this.#folder, name));
    const next = await this.#start(['--grep', '^publish/qos1@mqtt$', '--out', `${name}-next`], `${name}-next`).ended;
    return { afterMs, freeAfterMs, unreadable, outcomes, nextExitCode: next.exitCode };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#virtual[Symbol.asyncDispose]();
  }

  #start(words: readonly string[], mark: string): Qlhil {
    return new Qlhil(['run', '--module', this.#virtual.port, ...words], {
      cwd: this.#folder,
      env: { [MARK_VARIABLE]: mark, TMPDIR: this.#folder },
    });
  }

  /** Neither has an event: both are looked at again and again. */
  async #freed(mark: string, sinceMs: number): Promise<number> {
    while (performance.now() - sinceMs < GIVE_UP_MS) {
      const isFree = markedProcesses(mark).length === 0 && !(await lockStatus(this.#virtual.port)).isHeld;
      if (isFree) return performance.now() - sinceMs;
      await passed(LOOK_MS);
    }
    return Number.POSITIVE_INFINITY;
  }
}
