import type { Direction } from '../../broker/events.ts';
import { HarnessError } from '../errors.ts';
import type { HostHappening } from '../timeline/events.ts';
import { NetworkFault, type NetworkPath, type PutFault, type ReportFault, type SlowLink } from './network-fault.ts';

export interface SlowOptions extends SlowLink {
  readonly ways?: readonly Direction[];
}

/** Where a network's faults, and waits for them, are told. */
export interface NetworkTelling {
  readonly append: (happening: HostHappening) => void;
  readonly report: ReportFault;
}

const BOTH: readonly Direction[] = ['up', 'down'];

/**
 * The network between module and broker, for scenarios that need one whose faults can be chosen. One fault at a time; it ends when it is
 * disposed of, at the latest with the body.
 */
export class Network {
  readonly #path: NetworkPath | undefined;
  readonly #telling: NetworkTelling;
  #current: NetworkFault | undefined;
  #faults = 0;
  #isClosed = false;

  constructor(path: NetworkPath | undefined, { append, report }: NetworkTelling) {
    this.#path = path;
    this.#telling = { append, report };
  }

  /** From here on nothing comes through, and nobody is told. @param ways both if left out */
  blackHole(...ways: readonly Direction[]): Promise<NetworkFault> {
    return this.#begin('black hole', ways, (path, way) => path.blackHole(way));
  }

  /** From here on packets wait until the link can take them, and those that find its queue full are lost. */
  slow({ ways = BOTH, ...link }: SlowOptions): Promise<NetworkFault> {
    return this.#begin(`link of ${link.rateKbit} kbit/s`, ways, (path, way) => path.slow(way, link));
  }

  /** Ends the fault that a body left behind, if any. A body that goes on beyond its time gets no other. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#current?.lift();
  }

  async #begin(what: string, ways: readonly Direction[], put: PutFault): Promise<NetworkFault> {
    const path = this.#path;
    if (path === undefined) {
      const message = `a ${what} needs a network of the module's own: say so with \`needs\`, and run on virtual?network=own`;
      throw new HarnessError('CONFIGURATION', message, { subject: 'network' });
    }
    if (this.#isClosed) throw new HarnessError('STOPPED', 'the body is over', { reason: 'the body is over' });
    await this.#current?.lift();
    const chosen = ways.length === 0 ? BOTH : ways;
    const name = `${what} ${chosen.join(' and ')} (${++this.#faults})`;
    const fault = new NetworkFault(name, { path, put, ways: chosen, ...this.#telling });
    this.#current = fault;
    await fault.begin();
    return fault;
  }
}
