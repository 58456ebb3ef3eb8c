import { Broker, type Listener } from '../../../broker/broker.ts';
import type { BrokerEvent } from '../../../broker/events.ts';
import { hold } from '../../../broker/faults/hold.ts';
import { parseListen } from '../../../broker/parse-listen.ts';
import { type Authority, makeAuthority } from '../../../broker/tls/authority.ts';
import { issueServer } from '../../../broker/tls/server-identities.ts';
import { systemClock } from '../../clock.ts';
import { type BrokerAddress, type BrokerDoor, type BrokerSide, CLIENT_PREFIX, type Scheme } from './broker-side.ts';
import { digestEvents, type Seen } from './seen.ts';

/** For a FIN that is under way over the radio. */
const SETTLE_MS = 10_000;

let authorityOfProcess: Promise<Authority> | undefined;

/** Our broker as a run opens it, with a certificate authority of this process's own. */
export class LiveBrokerSide implements BrokerSide, AsyncDisposable {
  readonly #address: BrokerAddress;
  readonly #broker: Broker;
  readonly #authority: Authority;
  readonly #events: BrokerEvent[];

  static async open(address: BrokerAddress): Promise<LiveBrokerSide> {
    const events: BrokerEvent[] = [];
    const [authority, broker] = await Promise.all([
      (authorityOfProcess ??= makeAuthority()),
      Broker.open({ onEvent: (event) => void events.push(event), clock: () => systemClock.nowMs() }),
    ]);
    return new LiveBrokerSide(address, broker, authority, events);
  }

  private constructor(address: BrokerAddress, broker: Broker, authority: Authority, events: BrokerEvent[]) {
    this.#address = address;
    this.#broker = broker;
    this.#authority = authority;
    this.#events = events;
  }

  get ca(): string {
    return this.#authority.root.cert;
  }

  async open(scheme: Scheme): Promise<BrokerDoor> {
    const { host, listen } = this.#address;
    const listener = await this.#broker.listen({
      ...parseListen(listen),
      peer: 'aedes',
      claims: { clientIdPrefix: CLIENT_PREFIX },
      ...(scheme === 'mqtts' ? { tls: { identity: await issueServer(this.#authority, [host]) } } : {}),
    });
    return new LiveDoor(`${scheme}://${host}:${listener.port}`, listener, this.#events);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#broker.close();
  }
}

class LiveDoor implements BrokerDoor {
  readonly url: string;
  readonly place: string;
  readonly #listener: Listener;
  readonly #events: readonly BrokerEvent[];
  readonly #from: number;

  constructor(url: string, listener: Listener, events: readonly BrokerEvent[]) {
    this.url = url;
    this.place = `${listener.address}:${listener.port}`;
    this.#listener = listener;
    this.#events = events;
    this.#from = events.length;
  }

  async seen(): Promise<Seen> {
    // What is still open after that is told by what is missing from the events.
    await this.#listener.waitForNoConnections(SETTLE_MS).catch(() => undefined);
    // One listener is open at a time: what came since belongs to it.
    return digestEvents(this.#events.slice(this.#from));
  }

  holdAcknowledgements(): void {
    this.#listener.gate({ dir: 'down', type: 'PUBACK' }, hold());
  }

  dropConnections(): void {
    for (const connection of this.#listener.connections) connection.end('rst');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener.close();
  }
}
