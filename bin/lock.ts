import { describeHolder } from '../harness/bench/lock/lock-holder.ts';
import { moduleKey } from '../harness/bench/lock/module-key.ts';
import { lockStatus, ModuleLock } from '../harness/bench/lock/module-lock.ts';
import { releaseHold } from '../harness/bench/lock/release-hold.ts';
import { EXIT } from '../harness/run/exit-code.ts';
import { endOnSignal } from './end-on-signal.ts';
import type { LOCK_ACTIONS } from './lock-command.ts';
import { readBench } from './parse-modules.ts';
import { usageError } from './usage-error.ts';

export interface LockArguments {
  readonly action: (typeof LOCK_ACTIONS)[number];
  readonly module: string;
  readonly bench: string | undefined;
  readonly why: string;
}

/** @returns the exit code: 7 while somebody has the module */
export async function lock({ action, module, bench, why }: LockArguments): Promise<number> {
  const named = readBench(bench).find(({ name }) => name === module);
  const key = named?.usb ?? (await moduleKey(checkPort(module)));
  if (action === 'hold') return await hold(key, why);
  if (action === 'status') return await status(key);
  const ended = await releaseHold(key);
  process.stdout.write(ended === undefined ? `${key} is free\n` : `${key} is free again: it was held by ${ended}\n`);
  return EXIT.passed;
}

/** A name that is not in bench.yaml would be locked as it stands, and keep nobody away. @throws HarnessError CONFIGURATION */
function checkPort(module: string): string {
  if (/^(?:\/|\.\/|tcp:|\d+-\d)/u.test(module)) return module;
  throw usageError(`--module '${module}' is no port, no USB path, and not in bench.yaml`);
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
