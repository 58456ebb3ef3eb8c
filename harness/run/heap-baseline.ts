import type { ModuleProxy } from '../module/module-proxy.ts';
import { HEAP_AFTER, HEAP_WARM } from '../oracle/rules/eh-04-heap-comes-back.ts';
import type { TimelineEvent } from '../timeline/events.ts';
import type { Timeline } from '../timeline/timeline.ts';

interface Warm {
  readonly bootId: string;
  readonly usedTls: boolean;
  readonly availBytes: number;
}

/**
 * The module's free heap when all that it takes once has been taken: after the first epilogue since its start, and again after the first
 * since it has used TLS, which takes tables and arenas of its own.
 */
export class HeapBaseline {
  #warm: Warm | undefined;
  /** Since the module started. */
  #usedTls = false;

  /** Follows what a scenario uses. */
  watch(timeline: Timeline): void {
    timeline.subscribe((event) => this.#see(event));
  }

  /** Measures, with no client up; once the module is warm it writes what was and what is into the timeline. */
  async measure(module: ModuleProxy, timeline: Timeline): Promise<void> {
    const { avail } = (await module.stats()).heap;
    const { id } = module.hello.boot;
    const warm = this.#warm;
    if (warm?.bootId === id && warm.usedTls === this.#usedTls) {
      timeline.host({ k: 'measure', name: HEAP_WARM, unit: 'bytes', value: warm.availBytes });
      timeline.host({ k: 'measure', name: HEAP_AFTER, unit: 'bytes', value: avail });
      return;
    }
    this.#warm = { bootId: id, usedTls: this.#usedTls, availBytes: avail };
  }

  #see({ k }: TimelineEvent): void {
    if (k === 'boot') this.#usedTls = false;
    else if (k === 'client-hello') this.#usedTls = true;
  }
}
