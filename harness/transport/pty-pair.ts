import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** For tests: two TTYs, tied together by socat; what is written to one is read from the other. */
export class PtyPair implements AsyncDisposable {
  readonly near: string;
  readonly far: string;
  readonly #dir: string;
  readonly #socat: ChildProcess;

  static async open(): Promise<PtyPair> {
    const pair = new PtyPair();
    await pair.#ready();
    return pair;
  }

  private constructor() {
    this.#dir = mkdtempSync(join(tmpdir(), 'qlhil-pty-'));
    this.near = join(this.#dir, 'near');
    this.far = join(this.#dir, 'far');
    this.#socat = spawn('socat', ['-d', '-d', ptyAt(this.near), ptyAt(this.far)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }

  /** Both TTYs vanish, as at an unplugging. */
  async unplug(): Promise<void> {
    if (this.#socat.exitCode !== null || this.#socat.signalCode !== null) return;
    const ended = once(this.#socat, 'exit');
    this.#socat.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unplug();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      let log = '';
      this.#socat.stderr?.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        if (log.includes('starting data transfer loop')) resolve();
      });
      this.#socat.once('error', reject);
      this.#socat.once('exit', () => reject(new Error(`socat ended: ${log}`)));
    });
  }
}

/** Raw from the start: a TTY that echoes would answer itself. */
function ptyAt(link: string): string {
  return `pty,raw,echo=0,link=${link}`;
}
