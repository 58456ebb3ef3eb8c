import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { asError, HarnessError, isFailure } from '../../errors.ts';
import { lockFolder } from './lock-folder.ts';
import { describeHolder, type LockHolder, type LockReason, parseHolder, thisHolder } from './lock-holder.ts';

/** Longer than a look at the status, which takes the lock for a moment. */
const PATIENCE_S = 0.5;
const CONFLICT = 75;
const LONGEST_NAME = 200;

/**
 * The lock on a module, held by the kernel for this process: it is free again the moment the process is gone, however it ended.
 *
 * `flock(1)` locks the open file description that this process shares with it, and ends; the lock stays with the description.
 */
export class ModuleLock implements AsyncDisposable {
  readonly #fd: number;
  #isHeld = true;

  /**
   * @param key see `moduleKey`
   * @throws HarnessError MODULE_LOCKED — somebody holds it; the message says who, why and since when
   * @throws HarnessError CHILD_FAILED — there is no `flock` on this machine
   */
  static async take(key: string, reason: LockReason, folder: string = lockFolder()): Promise<ModuleLock> {
    const path = lockPath(key, folder);
    const fd = openLock(path);
    try {
      if (!(await flock(fd))) {
        const holder = parseHolder(readFileSync(path, 'utf8'));
        const message = `${key} is locked by ${describeHolder(holder)}`;
        throw new HarnessError('MODULE_LOCKED', message, { key, holder });
      }
      ftruncateSync(fd);
      writeSync(fd, `${JSON.stringify(thisHolder(reason))}\n`, 0);
      return new ModuleLock(fd);
    } catch (thrown) {
      closeSync(fd);
      throw thrown;
    }
  }

  private constructor(fd: number) {
    this.#fd = fd;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    ftruncateSync(this.#fd);
    closeSync(this.#fd);
  }
}

export interface LockStatus {
  readonly isHeld: boolean;
  readonly holder: LockHolder | undefined;
}

/** Who holds the lock on a module, without taking it for longer than the look. @throws HarnessError CHILD_FAILED */
export async function lockStatus(key: string, folder: string = lockFolder()): Promise<LockStatus> {
  try {
    await using _ = await ModuleLock.take(key, { why: 'a look at its status' }, folder);
    return { isHeld: false, holder: undefined };
  } catch (thrown) {
    if (isFailure(thrown, 'MODULE_LOCKED')) return { isHeld: true, holder: thrown.data.holder };
    throw thrown;
  }
}

/** The file of a lock. */
export function lockPath(key: string, folder: string): string {
  const name = encodeURIComponent(key);
  // Of a long path, the hash: file names end at 255 bytes.
  const short = name.length <= LONGEST_NAME ? name : createHash('sha256').update(key).digest('hex');
  return join(folder, `${short}.lock`);
}

/** Never made with O_CREAT where it exists: in a sticky folder the kernel refuses that for another user's file. */
function openLock(path: string): number {
  try {
    return openSync(path, constants.O_RDWR);
  } catch {
    // There is none yet, or it can't be opened: then the next line says why.
  }
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o666);
  chmodSync(path, 0o666); // whatever the umask: the next holder may be another user
  return fd;
}

/** False if another process holds it. */
async function flock(fd: number): Promise<boolean> {
  const words = ['--exclusive', '--timeout', String(PATIENCE_S), '--conflict-exit-code', String(CONFLICT), '3'];
  const child = spawn('flock', words, { stdio: ['ignore', 'ignore', 'ignore', fd] });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(failed(null, asError(error).message)));
    child.once('close', resolve);
  });
  if (exitCode === 0 || exitCode === CONFLICT) return exitCode === 0;
  throw failed(exitCode, `it ended with ${exitCode}`);
}

function failed(exitCode: number | null, why: string): HarnessError {
  const message = `flock (of util-linux) is needed to lock a module: ${why}`;
  return new HarnessError('CHILD_FAILED', message, { command: 'flock', exitCode });
}
