import { hostname } from 'node:os';
import { HarnessError } from '../../errors.ts';
import { lockFolder } from './lock-folder.ts';
import { describeHolder } from './lock-holder.ts';
import { lockStatus } from './module-lock.ts';

const ATTEMPTS = 6;

/**
 * Ends a hold (`lock hold`), and waits until the kernel has the lock back. Says who held it; undefined if nobody did.
 *
 * @throws HarnessError MODULE_LOCKED — a run has it, which ends by itself or by Ctrl-C; or the holder does not end
 */
export async function releaseHold(key: string, folder: string = lockFolder()): Promise<string | undefined> {
  const { isHeld, holder } = await lockStatus(key, folder);
  if (!isHeld) return undefined;
  const who = describeHolder(holder);
  const refuse = (why: string) => new HarnessError('MODULE_LOCKED', `${key} ${why}: ${who}`, { key, holder });
  if (holder === undefined || !holder.isHold) throw refuse('is not held by hand but in use');
  if (holder.host !== hostname()) throw refuse('is held in another container or on another machine');
  process.kill(holder.pid, 'SIGTERM');
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    // Each look waits for the lock, half a second at most.
    if (!(await lockStatus(key, folder)).isHeld) return who;
  }
  throw refuse('is still held');
}
