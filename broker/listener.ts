import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { BrokerError, isBrokerFailure } from './broker-error.ts';
import { type ClaimPolicy, Claims } from './claims.ts';
import { Connection, type Remote } from './connection.ts';
import { errorCode } from './error-code.ts';
import type { BrokerEvent } from './events.ts';
import {
  type ConnectionAct,
  ConnectionFault,
  type ConnectionFaultOptions,
  type ConnectionStage,
} from './faults/connection-fault.ts';
import type { Gate, GateOptions } from './faults/gate.ts';
import { GateBoard } from './faults/gate-board.ts';
import type { Verb } from './faults/verb.ts';
import { describeMatcher, type FrameMatcher, type FrameRef, matchesFrame } from './frame-matcher.ts';
import type { Limits } from './limits.ts';
import type { Sessions } from './lint/sessions.ts';
import type { AccessPolicy, OrdinaryPeer } from './peers/ordinary-peer.ts';
import type { Peer } from './peers/peer.ts';
import { holdPort, type PortHold } from './port-hold.ts';
import type { RawSegment } from './raw-segment.ts';
import type { ByteFault } from './relay/byte-fault.ts';
import { Relay } from './relay/relay.ts';
import { beginTls } from './tls/begin-tls.ts';
import { type TlsOptions, TlsTerminator } from './tls/serve-tls.ts';
import { Waits } from './waits.ts';

export interface ListenOptions extends AccessPolicy {
  /** Name in events and messages. */
  readonly label?: string;
  readonly address: string;
  /** 0 asks for a free one; a range is tried from its start. */
  readonly port: number | { readonly from: number; readonly to: number };
  /** TLS on this port; plain TCP without. */
  readonly tls?: TlsOptions;
  /** Who answers: the ordinary broker, or a script. */
  readonly peer: 'aedes' | Peer;
  readonly claims?: Omit<ClaimPolicy, 'credentials'>;
}

/** What a listener shares with the others of its broker. */
export interface ListenerContext {
  readonly ordinary: OrdinaryPeer;
  readonly limits: Limits;
  readonly sessions: Sessions;
  readonly learntAddresses: Set<string>;
  readonly isKeyLogged: boolean;
  readonly onRaw: ((segment: RawSegment) => void) | undefined;
  readonly clock: () => number;
  readonly report: (event: BrokerEvent) => void;
  readonly nextConn: () => number;
}

/** One listening port with its gates and faults. */
export class Listener implements AsyncDisposable {
  readonly label: string;
  readonly address: string;
  readonly #options: ListenOptions;
  readonly #context: ListenerContext;
  readonly #claims: Claims;
  readonly #gates: GateBoard;
  readonly #waits = new Waits();
  readonly #connections = new Set<Connection>();
  readonly #faults = new Set<ConnectionFault>();
  readonly #relays = new Set<Relay>();
  readonly #frameWatchers = new Set<(frame: FrameRef) => void>();
  readonly #connectionWatchers = new Set<() => void>();
  #server: Server;
  #port = 0;
  #peer: Peer;
  #terminator: TlsTerminator | undefined;
  #relay: Relay | undefined;
  #hold: PortHold | undefined;
  #isClosed = false;

  private constructor(options: ListenOptions, context: ListenerContext) {
    const { credentials, tls } = options;
    this.label = options.label ?? 'listener';
    this.address = options.address;
    this.#options = options;
    this.#context = context;
    this.#claims = new Claims({ ...options.claims, ...(credentials && { credentials }) }, context.learntAddresses);
    this.#gates = new GateBoard(context.report, context.clock);
    this.#peer = this.#peerOf(options.peer);
    this.#terminator = tls && new TlsTerminator(tls);
    this.#server = this.#makeServer();
  }

  /** @throws BrokerError LISTEN_FAILED — when address or port are not to be had. */
  static async open(options: ListenOptions, context: ListenerContext): Promise<Listener> {
    const listener = new Listener(options, context);
    await listener.#listenOnOneOf(
      typeof options.port === 'number' ? { from: options.port, to: options.port } : options.port,
    );
    const { label, address, port } = listener;
    context.report({
      k: 'listener',
      at: context.clock(),
      listener: label,
      address,
      port,
      tls: options.tls !== undefined,
    });
    return listener;
  }

  /** The port that modules connect to. */
  get port(): number {
    return this.#port;
  }

  /** Connections that are open, oldest first. */
  get connections(): readonly Connection[] {
    return [...this.#connections];
  }

  /** Arms a verb on the frames that match; see `faults/` for verbs. */
  gate(matcher: FrameMatcher, verb: Verb, options: GateOptions = {}): Gate {
    return this.#gates.arm(matcher, verb, options);
  }

  /** Arms a fault below MQTT on the next claimed connection. */
  connectionFault(stage: ConnectionStage, act: ConnectionAct, options: ConnectionFaultOptions = {}): ConnectionFault {
    const fault = new ConnectionFault(stage, act, options, this.#context);
    this.#faults.add(fault);
    return fault;
  }

  /** Changes who answers, or the TLS side, for the connections that come from here on. */
  serve({ peer, tls }: { readonly peer?: 'aedes' | Peer; readonly tls?: TlsOptions }): void {
    if (tls !== undefined && this.#terminator === undefined)
      throw new BrokerError('USAGE', `${this.label} was opened without TLS`, { subject: 'tls' });
    if (peer !== undefined) this.#peer = this.#peerOf(peer);
    if (tls !== undefined) this.#terminator = new TlsTerminator(tls);
  }

  /** Leads the claimed connections that come from here on through a relay with these faults, until it is closed. */
  async relay(...faults: readonly ByteFault[]): Promise<Relay> {
    if (this.#relay?.isArmed === true)
      throw new BrokerError('USAGE', `${this.label} has a relay already`, { subject: 'relay' });
    const { clock, report } = this.#context;
    const relay = await Relay.open(faults, {
      clock,
      report,
      onConnection: (socket, remote) => this.#admit(socket, remote),
    });
    this.#relay = relay;
    this.#relays.add(relay);
    return relay;
  }

  /** Refuses connections (RST to SYN) until `acceptAgain`; those that are open stay. The port remains ours. */
  async refuse(): Promise<void> {
    if (this.#hold !== undefined) return;
    this.#server.close();
    this.#hold = await holdPort(this.address, this.#port);
    this.#say('refuse', 'fired');
  }

  /** Listens again on the same port. @throws BrokerError LISTEN_FAILED */
  async acceptAgain(): Promise<void> {
    if (this.#hold === undefined) return;
    await this.#hold.release();
    this.#hold = undefined;
    this.#server = this.#makeServer();
    await this.#listen(this.#port);
    this.#say('refuse', 'disarmed');
  }

  /** The next frame that matches, on any connection, counted from this call. @throws BrokerError WAIT_EXPIRED, CLOSED */
  waitForFrame(matcher: FrameMatcher, budgetMs: number): Promise<FrameRef> {
    const reason = `${describeMatcher(matcher)} at ${this.label}`;
    return this.#waits.waitFor<FrameRef>(reason, budgetMs, (done) => {
      const watcher = (frame: FrameRef) => {
        if (matchesFrame(matcher, frame)) done(frame);
      };
      this.#frameWatchers.add(watcher);
      return () => this.#frameWatchers.delete(watcher);
    });
  }

  /** The next connection that is accepted, counted from this call. @throws BrokerError WAIT_EXPIRED, CLOSED */
  waitForConnection(budgetMs: number): Promise<Connection> {
    const known = new Set(this.#connections);
    const find = () => this.connections.find((connection) => !known.has(connection));
    return this.#waitForConnections(`a connection to ${this.label}`, budgetMs, find);
  }

  /** No connection is open, at once or within the budget. @throws BrokerError WAIT_EXPIRED, CLOSED */
  async waitForNoConnections(budgetMs: number): Promise<void> {
    const reason = `all connections to ${this.label} are closed`;
    await this.#waitForConnections(reason, budgetMs, () => this.#connections.size === 0 || undefined);
  }

  /** Closes port and connections, and rejects all waits. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const isServerClosed = this.#server.listening ? once(this.#server, 'close') : undefined;
    this.#server.close();
    this.#gates.close();
    for (const fault of this.#faults) fault.close();
    this.#waits.close(this.label);
    const open = this.connections;
    for (const connection of open) connection.destroy();
    await Promise.all([...open.map(({ closed }) => closed), ...[...this.#relays].map((relay) => relay.close())]);
    await this.#hold?.release();
    await isServerClosed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #peerOf(peer: 'aedes' | Peer): Peer {
    return peer === 'aedes' ? this.#context.ordinary.behind(this.#options) : peer;
  }

  #makeServer(): Server {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
    // After `listening` there is nothing that a server reports here but running out of descriptors: it goes on.
    server.on('error', () => undefined);
    return server;
  }

  async #listenOnOneOf({ from, to }: { readonly from: number; readonly to: number }): Promise<void> {
    for (let port = from; port < to; port += 1) {
      try {
        await this.#listen(port);
        return;
      } catch (error) {
        if (!isBrokerFailure(error, 'LISTEN_FAILED') || errorCode(error.cause) !== 'EADDRINUSE') throw error;
      }
    }
    await this.#listen(to);
  }

  async #listen(port: number): Promise<void> {
    const { address } = this;
    try {
      this.#server.listen({ host: address, port });
      await once(this.#server, 'listening');
    } catch (cause) {
      throw new BrokerError('LISTEN_FAILED', `can't listen on ${address}:${port}`, { address, port }, { cause });
    }
    const bound = this.#server.address();
    this.#port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  }

  #accept(socket: Socket): void {
    // A socket that is reset between accept and here has no address any more.
    const remote = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    const isClaimed = this.#claims.onAccept(remote.address) !== undefined;
    if (this.#relay?.isArmed === true && isClaimed) this.#relay.lead(socket, remote);
    else this.#admit(socket, remote);
  }

  #admit(socket: Socket, remote: Remote): void {
    const { clock, limits, report, sessions, nextConn, onRaw } = this.#context;
    const conn = nextConn();
    report({ k: 'tcp-open', at: clock(), conn, listener: this.label, port: this.#port, remote });
    const connection = new Connection({
      conn,
      socket,
      remote,
      limits,
      claims: this.#claims,
      gates: this.#gates,
      sessions,
      clock,
      report,
      onRaw,
      onFrame: (frame) => {
        for (const watcher of this.#frameWatchers) watcher(frame);
      },
      onClosed: (closed) => {
        this.#connections.delete(closed);
        this.#connectionsChanged();
      },
    });
    this.#connections.add(connection);
    this.#connectionsChanged();
    this.#receive(connection);
  }

  #receive(connection: Connection): void {
    const { connections } = this.#context.limits;
    if (this.#connections.size > connections) connection.turnAway(`more than ${connections} connections`);
    else if (!this.#isTaken('accept', connection)) void this.#begin(connection);
  }

  async #begin(connection: Connection): Promise<void> {
    const { clock, report, isKeyLogged } = this.#context;
    const first = this.#terminator;
    if (first === undefined) {
      connection.speak(this.#peer);
      return;
    }
    const stage = {
      terminator: () => this.#terminator ?? first,
      clock,
      report,
      isKeyLogged,
      isTaken: () => this.#isTaken('client-hello', connection),
    };
    if (await beginTls(connection, stage)) connection.speak(this.#peer);
  }

  #say(fault: string, act: 'fired' | 'disarmed'): void {
    this.#context.report({ k: 'fault', at: this.#context.clock(), fault: `${fault} at ${this.label}`, act });
  }

  #isTaken(stage: ConnectionStage, connection: Connection): boolean {
    for (const fault of this.#faults) if (fault.tries(stage, connection)) return true;
    return false;
  }

  #waitForConnections<T>(reason: string, budgetMs: number, find: () => T | undefined): Promise<T> {
    return this.#waits.waitFor<T>(reason, budgetMs, (done) => {
      const watcher = () => {
        const found = find();
        if (found !== undefined) done(found);
      };
      this.#connectionWatchers.add(watcher);
      watcher();
      return () => this.#connectionWatchers.delete(watcher);
    });
  }

  #connectionsChanged(): void {
    for (const watcher of this.#connectionWatchers) watcher();
  }
}
