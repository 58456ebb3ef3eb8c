import { BrokerError } from './broker-error.ts';
import type { Connection } from './connection.ts';
import type { BrokerEvent } from './events.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { Sessions } from './lint/sessions.ts';
import { Listener, type ListenOptions } from './listener.ts';
import { type Message, OrdinaryPeer } from './peers/ordinary-peer.ts';
import type { RawSegment } from './raw-segment.ts';

export type { Listener } from './listener.ts';

export interface BrokerOptions {
  /** Called with each event at the moment at which it happens; it must not throw. */
  readonly onEvent: (event: BrokerEvent) => void;
  /** Milliseconds, rising. */
  readonly clock: () => number;
  readonly limits?: Partial<Limits>;
  /** Reports TLS keys too, for decrypting a capture. */
  readonly isKeyLogged?: boolean;
  /** Called with all bytes of all connections as they pass, those of TLS records included: for a capture. */
  readonly onRaw?: (segment: RawSegment) => void;
  /** Source addresses from which this run's module has logged in before, e.g. at an earlier broker of the run. */
  readonly knownAddresses?: readonly string[];
}

/**
 * A broker whose every fault is controlled. In process; it lives as long as a scenario file, with one ordinary peer behind
 * all its listeners.
 */
export class Broker implements AsyncDisposable {
  readonly #options: BrokerOptions;
  readonly #ordinary: OrdinaryPeer;
  readonly #sessions = new Sessions();
  readonly #learntAddresses: Set<string>;
  readonly #listeners = new Set<Listener>();
  #connections = 0;
  #isClosed = false;

  private constructor(options: BrokerOptions, ordinary: OrdinaryPeer) {
    this.#options = options;
    this.#ordinary = ordinary;
    this.#learntAddresses = new Set(options.knownAddresses);
  }

  static async open(options: BrokerOptions): Promise<Broker> {
    return new Broker(options, await OrdinaryPeer.open(options.onEvent, options.clock));
  }

  /** All that is open, at all listeners. */
  get connections(): readonly Connection[] {
    return [...this.#listeners].flatMap((listener) => listener.connections);
  }

  /** Source addresses that are known to be the module's, for the next broker of the run. */
  get knownAddresses(): readonly string[] {
    return [...this.#learntAddresses];
  }

  /** @throws BrokerError LISTEN_FAILED — when address or port are not to be had; CLOSED — after `close`. */
  async listen(options: ListenOptions): Promise<Listener> {
    if (this.#isClosed) throw new BrokerError('CLOSED', 'the broker is closed', { what: 'broker' });
    const { clock, onEvent, limits, isKeyLogged = false, onRaw } = this.#options;
    const listener = await Listener.open(
      { ...options, label: options.label ?? `listener-${this.#listeners.size + 1}` },
      {
        ordinary: this.#ordinary,
        limits: { ...DEFAULT_LIMITS, ...limits },
        sessions: this.#sessions,
        learntAddresses: this.#learntAddresses,
        isKeyLogged,
        onRaw,
        clock,
        report: onEvent,
        nextConn: () => ++this.#connections,
      },
    );
    this.#listeners.add(listener);
    return listener;
  }

  /** Publishes by the ordinary peer, as another client would. @throws BrokerError PUBLISH_FAILED */
  publish(message: Message): Promise<void> {
    return this.#ordinary.publish(message);
  }

  /** Closes all listeners and connections; nothing is open after. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#listeners].map((listener) => listener.close()));
    await this.#ordinary[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
