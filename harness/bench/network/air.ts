import * as v from 'valibot';
import type { Direction } from '../../../broker/events.ts';
import { runTool } from '../power/run-tool.ts';
import { inAir } from './behind-air.ts';

/** The air's interface through which packets leave it. */
export const AIR_INTERFACES: Readonly<Record<Direction, string>> = { up: 'to-host', down: 'to-module' };

const WAYS = ['up', 'down'] as const satisfies readonly Direction[];

export interface SlowLink {
  readonly rateKbit: number;
  /** What waits at most: beyond it packets are lost. */
  readonly limitBytes: number;
}

/** What a slow link sends at once: a whole packet must fit. */
const BURST_BYTES = 2_000;

/** Far more than it takes: the machine may be busy. */
const TOOL_MS = 10_000;

const queueSchema = v.array(v.object({ packets: v.number(), drops: v.number(), overlimits: v.number() }));

/**
 * The air between the host and a module with a network of its own: what is queued, kept and lost here is lost in the network, out of
 * sight of both ends.
 *
 * @throws HarnessError CHILD_FAILED — tc failed, or there is no such air any more
 */
export class Air {
  readonly #pid: number;

  /** @param pid of the process that runs behind it */
  constructor(pid: number) {
    this.#pid = pid;
  }

  /** Puts packets of a way into a queue that holds none. */
  blackHole(way: Direction): Promise<void> {
    return this.#queue(way, ['pfifo', 'limit', '0']);
  }

  /** Puts packets of a way into a queue that a slow link empties. */
  slow(way: Direction, { rateKbit, limitBytes }: SlowLink): Promise<void> {
    const bounds = ['rate', `${rateKbit}kbit`, 'burst', String(BURST_BYTES), 'limit', String(limitBytes)];
    return this.#queue(way, ['tbf', ...bounds]);
  }

  /** What has become of packets since the queue was put there; `delayed` is how often one had to wait. */
  async count(way: Direction) {
    const printed = await this.#tc(['-s', '-j', 'qdisc', 'show', 'dev', AIR_INTERFACES[way], 'root']);
    const [queue] = v.parse(queueSchema, JSON.parse(printed));
    return { packets: queue?.packets ?? 0, dropped: queue?.drops ?? 0, delayed: queue?.overlimits ?? 0 };
  }

  /** The way is free again; what stood in its queue is lost. */
  async free(way: Direction): Promise<void> {
    await this.#tc(['qdisc', 'delete', 'dev', AIR_INTERFACES[way], 'root']);
  }

  /** Frees both ways of what whoever was killed left there. */
  async clear(): Promise<void> {
    for (const way of WAYS) await this.free(way).catch(() => undefined); // tc fails where nothing is in the way
  }

  async #queue(way: Direction, words: readonly string[]): Promise<void> {
    await this.#tc(['qdisc', 'replace', 'dev', AIR_INTERFACES[way], 'root', ...words]);
  }

  #tc(words: readonly string[]): Promise<string> {
    return runTool([...inAir(this.#pid), 'tc', ...words], TOOL_MS);
  }
}
