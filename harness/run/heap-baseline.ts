import { isIP } from 'node:net';
import type { ModuleProxy } from '../module/module-proxy.ts';
import { HEAP_AFTER, HEAP_WARM } from '../oracle/rules/eh-04-heap-comes-back.ts';
import type { TimelineEvent } from '../timeline/events.ts';
import type { Timeline } from '../timeline/timeline.ts';

interface Warm {
  readonly bootId: string;
  /** How many kinds of `Use` there had been. */
  readonly uses: number;
  readonly availBytes: number;
}

/** What takes memory of its own the first time: TLS its tables, a resolver its configuration. */
type Use = 'TLS' | 'name';

/**
 * The module's free heap when all that it takes once has been taken: after the first epilogue since its start, and again after the first
 * since it has used something that it had not used before.
 */
export class HeapBaseline {
  #warm: Warm | undefined;
  /** Since the module started. */
  readonly #uses = new Set<Use>();

  /** Follows what a scenario uses. */
  watch(timeline: Timeline): void {
    timeline.subscribe((event) => this.#see(event));
  }

  /** Measures, with no client up; once the module is warm it writes what was and what is into the timeline. */
  async measure(module: ModuleProxy, timeline: Timeline): Promise<void> {
    const { avail } = (await module.stats()).heap;
    const { id } = module.hello.boot;
    const warm = this.#warm;
    if (warm?.bootId === id && warm.uses === this.#uses.size) {
      timeline.host({ k: 'measure', name: HEAP_WARM, unit: 'bytes', value: warm.availBytes });
      timeline.host({ k: 'measure', name: HEAP_AFTER, unit: 'bytes', value: avail });
      return;
    }
    this.#warm = { bootId: id, uses: this.#uses.size, availBytes: avail };
  }

  #see(event: TimelineEvent): void {
    if (event.k === 'boot') this.#uses.clear();
    else if (event.k === 'client-hello') this.#uses.add('TLS');
    else if (event.k === 'request' && event.method === 'mqtt.connect' && isByName(event.params['host']))
      this.#uses.add('name');
  }
}

function isByName(host: unknown): boolean {
  if (typeof host !== 'string' || !URL.canParse(host)) return false;
  return isIP(new URL(host).hostname.replaceAll(/[[\]]/gu, '')) === 0;
}
