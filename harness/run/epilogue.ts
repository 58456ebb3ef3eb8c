import { systemClock } from '../clock.ts';
import { isFailure } from '../errors.ts';
import type { Rig } from '../rig/rig.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Workbench } from './workbench.ts';

/**
 * What follows every scenario: clients that are still up are taken down, and all that the module has to say is heard. A slot
 * whose call never returned takes a reset to be of use again.
 */
export async function runEpilogue(bench: Workbench, rig: Rig, timeline: Timeline): Promise<void> {
  const slots = await bench.module.slots();
  const isStuck = slots.some((state) => state === 'busy' || state === 'wedged');
  for (const [slot, state] of slots.entries()) if (state === 'open') await rig.clientOn(slot).deinit();
  if (isStuck) await resetModule(bench);
  const askedMs = systemClock.nowMs();
  await bench.module.sync();
  timeline.host({ k: 'sync' }, askedMs);
}

async function resetModule(bench: Workbench): Promise<void> {
  try {
    await bench.module.reset('a call on a slot did not return');
  } catch (thrown) {
    // The answer may be lost with the port; the session tells of the boot.
    if (!isFailure(thrown, 'MODULE_RESET')) throw thrown;
  }
}
