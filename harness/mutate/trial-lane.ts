import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import * as v from 'valibot';
import { HarnessError } from '../errors.ts';
import { type Trial, type TrialEnd, trialEndSchema } from './trial.ts';

const KEPT_OUTPUT_CHARACTERS = 4_096;

/** A process that runs trials, one at a time, so that several modules are judged on several cores. */
export class TrialLane implements AsyncDisposable {
  /** From 0. */
  readonly index: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #printed = '';

  constructor(index: number) {
    this.index = index;
    this.#child = fork(join(import.meta.dirname, 'trial-process.js'), {
      execArgv: [],
      detached: true, // a Ctrl-C at the terminal is the command line's to deal with
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const keep = (chunk: Buffer) => {
      this.#printed = (this.#printed + chunk.toString()).slice(-KEPT_OUTPUT_CHARACTERS);
    };
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
    this.#child.on('error', () => undefined); // its end is told by 'exit'
    // Not 'close': it never comes after a disconnect (seen with Node 20).
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
    });
  }

  /** @throws HarnessError HARNESS_BUG — the process ended in the middle of it */
  async run(trial: Trial): Promise<TrialEnd> {
    const answered = new Promise<unknown>((resolve) => {
      this.#child.once('message', resolve);
    });
    this.#child.send(trial);
    const answer = await Promise.race([answered, this.#ended.then(() => this.#fail())]);
    return v.parse(trialEndSchema, answer);
  }

  /** Ends it at once, whatever it does. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#ended;
  }

  #fail(): never {
    const said = this.#printed.trim();
    const message = `a process that runs trials ended${said === '' ? '' : `: ${said}`}`;
    throw new HarnessError('HARNESS_BUG', message, { where: 'trial-process' });
  }
}
