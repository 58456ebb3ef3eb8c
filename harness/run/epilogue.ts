import { systemClock } from '../clock.ts';
import type { SlotState } from '../protocol/slot-state.ts';
import type { Rig } from '../rig/rig.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { proveRecovery } from './prove-recovery.ts';
import type { Workbench } from './workbench.ts';

/**
 * What follows every scenario: clients that are still up are taken down, and all that the module has to say is heard. A slot
 * whose call never returned takes a reset to be of use again: that is the ladder's (`restore`).
 *
 * Where the body disturbed the module, it also has to show that it has recovered.
 */
export async function runEpilogue(bench: Workbench, rig: Rig, timeline: Timeline, isDisturbed: boolean): Promise<void> {
  const slots = await bench.module.slots();
  const isStuck = slots.some((state) => state === 'busy' || state === 'wedged');
  try {
    await takeDown(rig, slots, isDisturbed);
    if (isDisturbed && !isStuck) await recover(bench, rig, timeline, slots);
  } finally {
    await sync(bench, timeline);
  }
}

async function takeDown(rig: Rig, slots: readonly SlotState[], isDisturbed: boolean): Promise<void> {
  for (const [slot, state] of slots.entries()) {
    if (state !== 'open') continue;
    const client = rig.clientOn(slot);
    if (isDisturbed) await client.isConnected();
    await client.deinit();
  }
}

/** On the last slot that the body left alone: what is still on its way for an old client is not taken for the new one's. */
async function recover(bench: Workbench, rig: Rig, timeline: Timeline, slots: readonly SlotState[]): Promise<void> {
  const free = slots.lastIndexOf('free');
  await proveRecovery(rig, bench.lane, free === -1 ? slots.length - 1 : free);
  await bench.heap.measure(bench.module, timeline);
}

async function sync(bench: Workbench, timeline: Timeline): Promise<void> {
  const askedMs = systemClock.nowMs();
  await bench.module.sync();
  timeline.host({ k: 'sync' }, askedMs);
}
