import type { ModuleProxy } from '../module/module-proxy.ts';
import { HEAP_AFTER, HEAP_WARM } from '../oracle/rules/eh-04-heap-comes-back.ts';
import type { Timeline } from '../timeline/timeline.ts';

/** The module's free heap when all that it takes once has been taken: after the first epilogue since its start. */
export class HeapBaseline {
  #bootId: string | undefined;
  #warmBytes = 0;

  /** Measures, with no client up; from the second time on it writes what was and what is into the timeline. */
  async measure(module: ModuleProxy, timeline: Timeline): Promise<void> {
    const { avail } = (await module.stats()).heap;
    const { id } = module.hello.boot;
    if (id === this.#bootId) {
      timeline.host({ k: 'measure', name: HEAP_WARM, unit: 'bytes', value: this.#warmBytes });
      timeline.host({ k: 'measure', name: HEAP_AFTER, unit: 'bytes', value: avail });
      return;
    }
    this.#bootId = id;
    this.#warmBytes = avail;
  }
}
