import type { Broker, Listener } from '../../broker/broker.ts';
import type { Peer } from '../../broker/peers/peer.ts';
import type { TlsOptions } from '../../broker/tls/serve-tls.ts';
import type { ServerIdentityName } from '../../broker/tls/server-identities.ts';
import { HarnessError } from '../errors.ts';
import type { ModuleProxy } from '../module/module-proxy.ts';
import type { SslConfig } from '../protocol/arguments.ts';
import type { Scheme } from '../run/scenario.ts';
import type { Deadlines, HostHappening } from '../timeline/events.ts';
import { Client, type ConnectDefaults } from './client.ts';
import { Expect } from './expect.ts';
import { recordedWait } from './recorded-wait.ts';
import type { TlsStore } from './tls-store.ts';

declare module '../errors.ts' {
  interface FailureData {
    /** A scenario can't go on; what the module did is in the timeline, and the judge says what it means. */
    STOPPED: { readonly reason: string };
  }
}

/** What a rig is made of; the runner puts it together for one attempt. */
export interface RigParts {
  readonly scheme: Scheme;
  readonly module: ModuleProxy;
  readonly broker: Broker;
  readonly deadlines: Deadlines;
  readonly features: readonly string[];
  readonly seed: number;
  /** Name of the attempt, unique in the run: prefix of topics and client ids. */
  readonly name: string;
  /** The broker's address as the module sees it, and where it listens. */
  readonly brokerHost: string;
  readonly listenAddress: string;
  readonly tls: TlsStore;
  readonly append: (happening: HostHappening) => void;
}

/** How this scenario's listener differs from an ordinary broker. */
export interface RigListenOptions {
  /** Only this user with this password gets a CONNACK 0. */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Who answers in the ordinary broker's place. */
  readonly peer?: 'aedes' | Peer;
  /** The server's certificate; `good` if left out. */
  readonly identity?: ServerIdentityName;
  /** Anything else of the TLS side. */
  readonly tls?: Omit<TlsOptions, 'identity'>;
}

const SLOTS = 6;
/** The longer ssl struct has no neutral zeros: version 0 is SSL 3.0, 4 is any; the handshake time is in seconds. */
const SSL_EXTENSION = { version: 4, sni: 0, negotiateTimeout: 60 };

/** What a scenario holds in its hands. It creates situations; what they mean is the judge's to say. */
export class Rig {
  readonly scheme: Scheme;
  readonly expect: Expect;
  readonly module: ModuleProxy;
  readonly broker: Broker;
  readonly deadlines: Deadlines;
  readonly features: readonly string[];
  readonly seed: number;
  /** The run's certificates. */
  readonly tls: TlsStore;
  readonly #parts: RigParts;
  #listener: Promise<Listener> | undefined;
  #clients = 0;

  constructor(parts: RigParts) {
    this.#parts = parts;
    this.scheme = parts.scheme;
    this.module = parts.module;
    this.broker = parts.broker;
    this.deadlines = parts.deadlines;
    this.features = parts.features;
    this.seed = parts.seed;
    this.tls = parts.tls;
    this.expect = new Expect(parts.append);
  }

  /** The next client slot. Nothing is called on the module yet. */
  client(): Client {
    if (this.#clients === SLOTS) throw new RangeError(`the shim has ${SLOTS} client slots`);
    return this.clientOn(this.#clients++);
  }

  /** The client of a slot by its number, e.g. to take down what another hand set up. */
  clientOn(slot: number): Client {
    return new Client(slot, this.module, this.deadlines, () => this.#connectDefaults(slot));
  }

  /** A topic of this attempt alone. */
  topic(name: string): string {
    return `${this.#parts.name}/${name}`;
  }

  /** Opens this scenario's listener; without a call to it, the first connect does. */
  listen(options: RigListenOptions = {}): Promise<Listener> {
    if (this.#listener !== undefined) throw new TypeError('this scenario listens already');
    this.#listener = this.#open(options);
    return this.#listener;
  }

  /** This scenario's listener, with its gates and waits. */
  listener(): Promise<Listener> {
    return this.#listener ?? this.listen();
  }

  /** The URL of this scenario's listener after it has begun to refuse: the port stays taken, and nobody answers there. */
  async refusedUrl(): Promise<string> {
    const listener = await this.listener();
    await listener.refuse();
    return `${this.scheme}://${this.#parts.brokerHost}:${listener.port}`;
  }

  /** Waits until the module has closed every connection to this scenario's listener. */
  async connectionClosed(): Promise<void> {
    const listener = await this.listener();
    await this.wait('the module closes its connection', this.deadlines.closeMs, (budgetMs) =>
      listener.waitForNoConnections(budgetMs),
    );
  }

  /** A wait with a budget, recorded in the timeline with what it took. */
  wait<T>(reason: string, budgetMs: number, start: (budgetMs: number) => Promise<T>): Promise<T> {
    return recordedWait(this.#parts.append, reason, budgetMs, start);
  }

  /** Records a value that nobody specifies, under its clause. */
  observe(clause: string, name: string, value: string | number | boolean): void {
    this.#parts.append({ k: 'observe', clause, name, value });
  }

  measure(name: string, unit: string, value: number): void {
    this.#parts.append({ k: 'measure', name, unit, value });
  }

  /** Ends the body: what was to follow makes no sense after what the module did. */
  stop(reason: string): never {
    throw new HarnessError('STOPPED', reason, { reason });
  }

  async #connectDefaults(slot: number): Promise<ConnectDefaults> {
    const { port } = await this.listener();
    return {
      host: `${this.scheme}://${this.#parts.brokerHost}:${port}`,
      info: {
        clientId: `${this.#parts.name}-${slot}`,
        keepAlive: 60,
        cleanSession: 1,
        ssl: this.scheme === 'mqtts' ? this.#ssl() : null,
      },
    };
  }

  /** The server is verified against the run's authority. */
  #ssl(): SslConfig {
    const verified = { ctxId: 1, verifyLevel: 1, caCert: this.tls.caFile };
    return this.features.includes('ssl-ext') ? { ...verified, ...SSL_EXTENSION } : verified;
  }

  async #open({ credentials, peer = 'aedes', identity = 'good', tls }: RigListenOptions): Promise<Listener> {
    const { listenAddress, broker, name } = this.#parts;
    return broker.listen({
      label: name,
      address: listenAddress,
      port: 0,
      peer,
      ...(this.scheme === 'mqtts' ? { tls: { identity: await this.tls.server(identity), ...tls } } : {}),
      ...(credentials === undefined ? {} : { credentials }),
    });
  }
}
