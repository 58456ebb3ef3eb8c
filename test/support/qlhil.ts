import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../harness/bench/package-root.ts';

const program = join(packageRoot, 'dist', 'bin', 'qlhil.js');
/** Far beyond what any of these runs takes: a hang must not hold the tests up for ever. */
const BUDGET_MS = 120_000;

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** `stdout`, line by line. */
  readonly lines: readonly string[];
}

export interface StartOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly budgetMs?: number;
}

/** The command line as a user starts it, from what the build made. */
export class Qlhil {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';
  readonly #watchers = new Set<() => void>();

  constructor(words: readonly string[], { cwd, env = {}, budgetMs = BUDGET_MS }: StartOptions) {
    this.child = spawn(process.execPath, [program, ...words], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: budgetMs,
      killSignal: 'SIGKILL',
    });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.#stdout += chunk.toString();
      for (const watcher of this.#watchers) watcher();
    });
    this.child.stderr?.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (exitCode, signal) => resolve(this.#end(exitCode, signal)));
    });
  }

  /** Resolves when standard output has it; rejects if the program ends before. */
  async printed(text: string): Promise<void> {
    const seen = new Promise<void>((resolve) => {
      const watcher = () => {
        if (!this.#stdout.includes(text)) return;
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
      watcher();
    });
    await Promise.race([seen, this.#endedBefore(text)]);
  }

  async #endedBefore(text: string): Promise<never> {
    const { exitCode, stdout, stderr } = await this.ended;
    throw new Error(`ended (exit ${exitCode}) before it printed '${text}': ${stdout}${stderr}`);
  }

  #end(exitCode: number | null, signal: NodeJS.Signals | null): Ended {
    const [stdout, stderr] = [this.#stdout, this.#stderr];
    return { exitCode, signal, stdout, stderr, lines: stdout.trimEnd().split('\n') };
  }
}

/** Runs it to its end. */
export function qlhil(words: readonly string[], options: StartOptions): Promise<Ended> {
  return new Qlhil(words, options).ended;
}
