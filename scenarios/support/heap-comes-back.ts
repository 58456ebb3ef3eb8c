import { HEAP_AFTER, HEAP_WARM } from '../../harness/oracle/rules/eh-04-heap-comes-back.ts';
import type { Rig } from '../../harness/rig/rig.ts';

interface Repetition {
  readonly times: number;
  /** No client may be up when it has ended. */
  readonly play: () => Promise<unknown>;
  /** Waits for what goes on beyond the end of `play`, before the heap is measured. */
  readonly settle?: () => Promise<unknown>;
}

/**
 * Plays what may keep no memory: once, since a first time may, and then so often that a little that is lost each time adds up. EH-04
 * judges the free heap before and after.
 */
export async function heapComesBack(rig: Rig, { times, play, settle }: Repetition): Promise<void> {
  const measure = async (name: string) => {
    await settle?.();
    const { heap } = await rig.module.stats();
    rig.measure(name, 'bytes', heap.avail);
  };
  await play();

  await measure(HEAP_WARM);
  for (let nth = 0; nth < times; nth++) await play();
  await measure(HEAP_AFTER);
}
