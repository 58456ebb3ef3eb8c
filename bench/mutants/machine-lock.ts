import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Holds a file that other heavy work on the machine locks, too, so that one of them runs at a time: flock(1) in a child that ends with us. */
export class MachineLock implements AsyncDisposable {
  readonly #release: () => Promise<void>;

  /** Waits for its turn, however long that is. Without a path there is nothing to wait for. */
  static async hold(path: string | undefined): Promise<MachineLock> {
    if (path === undefined) return new MachineLock(async () => undefined);
    const child = spawn('flock', [path, 'sh', '-c', 'echo held; cat >/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    await Promise.race([once(child.stdout, 'data'), closed]);
    if (child.exitCode !== null) throw new Error(`flock ${path} ended with exit code ${child.exitCode}`);
    return new MachineLock(async () => {
      child.stdin.end();
      await closed;
    });
  }

  private constructor(release: () => Promise<void>) {
    this.#release = release;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#release();
  }
}
