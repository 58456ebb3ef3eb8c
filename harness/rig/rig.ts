import { isIP } from 'node:net';
import type { Broker, Listener } from '../../broker/broker.ts';
import { parseListen } from '../../broker/parse-listen.ts';
import type { LoginOffer } from '../../broker/peers/ordinary-peer.ts';
import type { Peer } from '../../broker/peers/peer.ts';
import type { TlsOptions } from '../../broker/tls/serve-tls.ts';
import type { ServerIdentityName } from '../../broker/tls/server-identities.ts';
import { HarnessError } from '../errors.ts';
import type { Call } from '../module/call.ts';
import type { ModuleProxy } from '../module/module-proxy.ts';
import { HEAP_AT_END } from '../oracle/relations/mm-04-again-is-the-same.ts';
import type { SslConfig } from '../protocol/arguments.ts';
import type { CallbackKind } from '../protocol/module-event.ts';
import { verifiedSsl } from '../protocol/verified-ssl.ts';
import type { Scheme } from '../run/scenario.ts';
import type { Deadlines, FileContent, HostHappening } from '../timeline/events.ts';
import { Client, type ConnectDefaults } from './client.ts';
import { Expect } from './expect.ts';
import { HeardCallbacks } from './heard-callbacks.ts';
import { Network } from './network.ts';
import type { NetworkPath, ReportFault } from './network-fault.ts';
import { recordedWait } from './recorded-wait.ts';
import { type ReturnedCall, returnedCall } from './returned-call.ts';
import { SERVER_FLAWS } from './server-flaws.ts';
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
  /** The broker's address as the module sees it, and where it listens, perhaps with the ports that it may take. */
  readonly brokerHost: string;
  readonly listenAddress: string;
  /** A name that the module has for that address, where the address does not tell. */
  readonly brokerName: string | undefined;
  /** The network between module and broker, where its faults can be chosen. */
  readonly networkPath: NetworkPath | undefined;
  readonly tls: TlsStore;
  readonly append: (happening: HostHappening) => void;
  readonly reportFault: ReportFault;
}

/** How this scenario's listener differs from an ordinary broker. */
export interface RigListenOptions {
  /** Only this user with this password gets a CONNACK 0. */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Decides by itself who gets in: the CONNACK return code, 0 or 2 to 5. */
  readonly authenticate?: (offer: LoginOffer) => number;
  /** Who answers in the ordinary broker's place. */
  readonly peer?: 'aedes' | Peer;
  /** The server's certificate; `good` if left out. */
  readonly identity?: ServerIdentityName;
  /** Anything else of the TLS side. */
  readonly tls?: Omit<TlsOptions, 'identity'>;
}

const SLOTS = 6;

/** What a scenario holds in its hands. It creates situations; what they mean is the judge's to say. */
export class Rig {
  readonly scheme: Scheme;
  readonly expect: Expect;
  readonly module: ModuleProxy;
  readonly broker: Broker;
  readonly network: Network;
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
    this.network = new Network(parts.networkPath, { append: parts.append, report: parts.reportFault });
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

  /** The URL of a further listener, over a scheme of its own. */
  async furtherUrl(scheme: Scheme, options: RigListenOptions = {}): Promise<string> {
    const { port } = await this.#open(options, scheme);
    return `${scheme}://${this.#parts.brokerHost}:${port}`;
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

  /**
   * How the server is verified against the run's authority, with what the scenario changes. Members that the SDK's struct
   * lacks may only be given where the feature `ssl-ext` is.
   */
  ssl(changes: SslConfig = {}): SslConfig {
    return { ...verifiedSsl(this.tls.caFile, this.features), ...changes };
  }

  /** The URL of this scenario's listener. */
  async url(): Promise<string> {
    const { port } = await this.listener();
    return `${this.scheme}://${this.#parts.brokerHost}:${port}`;
  }

  /** The broker's URL by a host name, for what needs one. Undefined if the module reaches it by a bare address only. */
  async namedUrl(): Promise<string | undefined> {
    const name = this.#brokerName();
    const { port } = await this.listener();
    return name === undefined ? undefined : `${this.scheme}://${name}:${port}`;
  }

  /** Waits until the module has closed every connection to this scenario's listener. */
  async connectionClosed(): Promise<void> {
    const listener = await this.listener();
    await this.wait('the module closes its connection', this.deadlines.closeMs, (budgetMs) =>
      listener.waitForNoConnections(budgetMs),
    );
  }

  /**
   * Plays the first or the second situation of a metamorphic relation. All that the module has to say of it is heard before it ends.
   */
  async situation(relation: string, nth: 1 | 2, play: () => Promise<unknown>): Promise<void> {
    this.#parts.append({ k: 'situation', relation, nth, act: 'begin' });
    await play();
    await this.module.sync();
    this.#parts.append({ k: 'situation', relation, nth, act: 'end' });
  }

  /** Measures the free heap at the end of a situation, when no client is up. */
  async measureHeap(): Promise<void> {
    const { heap } = await this.module.stats();
    this.measure(HEAP_AT_END, 'bytes', heap.avail);
  }

  /** A wait with a budget, recorded in the timeline with what it took. */
  wait<T>(reason: string, budgetMs: number, start: (budgetMs: number) => Promise<T>): Promise<T> {
    return recordedWait(this.#parts.append, reason, budgetMs, start);
  }

  /**
   * Lets the time pass in which nothing must be heard before "nothing came" can be said; no event tells of an absence.
   *
   * @param lastsMs left out: the deadline in force for what comes at once or not at all
   */
  async quiet(why: string, lastsMs: number = this.deadlines.quietMs): Promise<void> {
    await this.wait(`quiet: ${why}`, lastsMs, (budgetMs) => {
      return new Promise<void>((resolve) => {
        setTimeout(resolve, budgetMs);
      });
    });
    await this.module.sync();
  }

  /** Every callback from here on. */
  callbacks(): HeardCallbacks {
    return new HeardCallbacks(this.module.session);
  }

  /** A call that a reaction or a batch makes, when it has returned. @throws HarnessError WAIT_EXPIRED */
  returned(call: Call, callback?: CallbackKind): Promise<ReturnedCall> {
    return returnedCall(call, callback, this.deadlines);
  }

  /** Records a value that nobody specifies, under its clause. */
  observe(clause: string, name: string, value: string | number | boolean): void {
    this.#parts.append({ k: 'observe', clause, name, value });
  }

  measure(name: string, unit: string, value: number): void {
    this.#parts.append({ k: 'measure', name, unit, value });
  }

  /** Says what a file on the module holds from here on, for the rules on certificates. */
  file(name: string, holds: FileContent, fingerprint?: string): void {
    this.#parts.append({ k: 'file', name, holds, ...(fingerprint === undefined ? {} : { fingerprint }) });
  }

  /** Ends the body: what was to follow makes no sense after what the module did. */
  stop(reason: string): never {
    throw new HarnessError('STOPPED', reason, { reason });
  }

  #brokerName(): string | undefined {
    const { brokerHost, brokerName } = this.#parts;
    if (isIP(brokerHost) === 0) return brokerHost;
    return brokerHost.startsWith('127.') ? 'localhost' : brokerName;
  }

  async #connectDefaults(slot: number): Promise<ConnectDefaults> {
    const { port } = await this.listener();
    return {
      host: `${this.scheme}://${this.#parts.brokerHost}:${port}`,
      info: {
        clientId: `${this.#parts.name}-${slot}`,
        keepAlive: 60,
        cleanSession: 1,
        ssl: this.scheme === 'mqtts' ? this.ssl() : null,
      },
    };
  }

  async #open(
    { credentials, authenticate, peer = 'aedes', identity = 'good', tls }: RigListenOptions,
    scheme: Scheme = this.scheme,
  ): Promise<Listener> {
    const { listenAddress, broker, name } = this.#parts;
    const listener = await broker.listen({
      label: name,
      ...parseListen(listenAddress),
      peer,
      // Whoever finds it belongs to this scenario: from the cellular network a module's address is nobody's to know.
      claims: { ownPort: true },
      ...(scheme === 'mqtts' ? { tls: { identity: await this.tls.server(identity), ...tls } } : {}),
      ...(credentials === undefined ? {} : { credentials }),
      ...(authenticate === undefined ? {} : { authenticate }),
    });
    if (scheme === 'mqtts') this.#tellOfServer(listener.port, identity, tls);
    return listener;
  }

  /** For the rules on certificates: what this server is worth as proof is known here only. */
  #tellOfServer(port: number, identity: ServerIdentityName, tls: RigListenOptions['tls']): void {
    const asksClient = (tls?.requestClientCert ?? 'none') !== 'none';
    this.#parts.append({ k: 'server', port, identity, flaw: SERVER_FLAWS[identity] ?? null, asksClient });
  }
}
