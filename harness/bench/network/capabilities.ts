import { isFailure } from '../../errors.ts';
import type { Air } from './air.ts';

/** What a scenario may need of the network, with a trial that fails where the kernel lacks the queue for it. */
const TRIALS: Readonly<Record<string, (air: Air) => Promise<void>>> = {
  'network-black-hole': (air) => air.blackHole('up'),
  'network-slow': (air) => air.slow('up', { rateKbit: 64, limitBytes: 4_000 }),
};

export const NETWORK_CAPABILITIES: readonly string[] = Object.keys(TRIALS);

/** What this kernel's tc can do, tried in the air of a module: it may lack any kind of queue. */
export async function networkCapabilities(air: Air): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [capability, trial] of Object.entries(TRIALS)) if (await passes(trial, air)) found.push(capability);
  return found;
}

async function passes(trial: (air: Air) => Promise<void>, air: Air): Promise<boolean> {
  try {
    await trial(air);
  } catch (thrown) {
    if (isFailure(thrown, 'CHILD_FAILED')) return false;
    throw thrown;
  }
  await air.free('up');
  return true;
}
