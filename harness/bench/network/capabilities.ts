import { isFailure } from '../../errors.ts';
import type { Air } from './air.ts';

/** What a scenario may need of the network, by the queue that does it, as words for tc that put one there. */
const QUEUES: Readonly<Record<string, readonly string[]>> = {
  'network-black-hole': ['pfifo', 'limit', '0'],
  'network-slow': ['tbf', 'rate', '64kbit', 'burst', '2000', 'limit', '4000'],
};

export const NETWORK_CAPABILITIES: readonly string[] = Object.keys(QUEUES);

/** What this kernel's tc can do, tried in the air of a module: it may lack any kind of queue. */
export async function networkCapabilities(air: Air): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [capability, words] of Object.entries(QUEUES)) if (await isThere(air, words)) found.push(capability);
  return found;
}

async function isThere(air: Air, words: readonly string[]): Promise<boolean> {
  try {
    await air.queue('up', words);
  } catch (thrown) {
    if (isFailure(thrown, 'CHILD_FAILED')) return false;
    throw thrown;
  }
  await air.free('up');
  return true;
}
