import { describeHolder } from '../harness/bench/lock/lock-holder.ts';
import { moduleKey } from '../harness/bench/lock/module-key.ts';
import { lockStatus, ModuleLock } from '../harness/bench/lock/module-lock.ts';
import { releaseHold } from '../harness/bench/lock/release-hold.ts';
import { EXIT } from '../harness/run/exit-code.ts';
import { endOnSignal } from './end-on-signal.ts';
import type { LOCK_ACTIONS } from './lock-command.ts';

export interface LockArguments {
  readonly action: (typeof LOCK_ACTIONS)[number];
  readonly module: string;
  readonly why: string;
}

/** @returns the exit code: 7 while somebody has the module */
export async function lock({ action, module, why }: LockArguments): Promise<number> {
  const key = await moduleKey(module);
  if (action === 'hold') return await hold(key, why);
  if (action === 'status') return await status(key);
  const ended = await releaseHold(key);
  process.stdout.write(ended === undefined ? `${key} is free\n` : `${key} is free again: it was held by ${ended}\n`);
  return EXIT.passed;
}

async function hold(key: string, why: string): Promise<number> {
  using end = endOnSignal();
  await using _ = await ModuleLock.take(key, { why, isHold: true });
  process.stdout.write(`${key} is yours until Ctrl-C or qlhil lock release\n`);
  // Nothing else keeps the process alive.
  const alive = setInterval(() => undefined, 60_000);
  await new Promise<void>((resolve) => {
    if (end.signal.aborted) resolve();
    else end.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  clearInterval(alive);
  return EXIT.passed;
}

async function status(key: string): Promise<number> {
  const { isHeld, holder } = await lockStatus(key);
  process.stdout.write(isHeld ? `${key} is locked by ${describeHolder(holder)}\n` : `${key} is free\n`);
  return isHeld ? EXIT.locked : EXIT.passed;
}
