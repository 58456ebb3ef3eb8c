import { HEAP_AFTER, HEAP_WARM } from '../../harness/oracle/rules/eh-04-heap-comes-back.ts';
import type { Rig } from '../../harness/rig/rig.ts';

/**
 * Plays what may keep no memory: once, since a first time may, and then so often that a little that is lost each time adds up. EH-04
 * judges the free heap before and after, so that no client may be up when `play` has ended.
 */
export async function heapComesBack(rig: Rig, times: number, play: () => Promise<unknown>): Promise<void> {
  await play();

  await measureHeap(rig, HEAP_WARM);
  for (let nth = 0; nth < times; nth++) await play();
  await measureHeap(rig, HEAP_AFTER);
}

async function measureHeap(rig: Rig, name: string): Promise<void> {
  const { heap } = await rig.module.stats();
  rig.measure(name, 'bytes', heap.avail);
}
