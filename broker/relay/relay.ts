import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Remote } from '../connection.ts';
import type { BrokerEvent, Direction } from '../events.ts';
import type { ByteFault } from './byte-fault.ts';
import { Pump } from './pump.ts';

export interface RelayContext {
  readonly clock: () => number;
  readonly report: (event: BrokerEvent) => void;
  /** A connection that has come through the relay, with the address that it really comes from. */
  readonly onConnection: (socket: Socket, remote: Remote) => void;
}

const LOOPBACK = '127.0.0.1';

/**
 * A TCP relay in front of a listener's pipeline, for faults of bytes below TLS. Two real sockets lie between the module
 * and the broker while it is armed; connections that were there before, or come after, don't pass through it.
 */
export class Relay implements AsyncDisposable {
  readonly #faults: readonly ByteFault[];
  readonly #context: RelayContext;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #fired = new Set<ByteFault>();
  /** The near and the far end of an inner connection are announced in any order; its port brings them together. */
  readonly #remotes = new Map<number, Remote>();
  readonly #arrived = new Map<number, Socket>();
  #port = 0;
  #isArmed = true;

  private constructor(faults: readonly ByteFault[], context: RelayContext) {
    this.#faults = faults;
    this.#context = context;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) => {
      this.#track(socket);
      this.#arrived.set(socket.remotePort ?? 0, socket);
      this.#pair(socket.remotePort ?? 0);
    });
  }

  static async open(faults: readonly ByteFault[], context: RelayContext): Promise<Relay> {
    const relay = new Relay(faults, context);
    relay.#server.listen({ host: LOOPBACK, port: 0 });
    await once(relay.#server, 'listening');
    const address = relay.#server.address();
    relay.#port = typeof address === 'object' && address !== null ? address.port : 0;
    for (const fault of faults) relay.#say(fault, 'armed');
    return relay;
  }

  /** Whether connections that come are to be led through it. */
  get isArmed(): boolean {
    return this.#isArmed;
  }

  /** How many of its faults have changed anything. */
  get firedCount(): number {
    return this.#fired.size;
  }

  /** Leads an accepted connection through. */
  lead(outer: Socket, remote: Remote): void {
    const inner = connect({ host: LOOPBACK, port: this.#port, allowHalfOpen: true, noDelay: true });
    this.#track(outer);
    this.#track(inner);
    this.#pump(outer, inner, 'up');
    this.#pump(inner, outer, 'down');
    inner.on('connect', () => {
      const port = inner.localPort ?? 0;
      this.#remotes.set(port, remote);
      this.#pair(port);
    });
  }

  /** Connections that come from here on go past it; those inside stay. */
  disarm(): void {
    if (!this.#isArmed) return;
    this.#isArmed = false;
    for (const fault of this.#faults) this.#say(fault, 'disarmed');
  }

  /** Disarms, and cuts what still goes through it. */
  async close(): Promise<void> {
    this.disarm();
    const isClosed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await isClosed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #pair(port: number): void {
    const socket = this.#arrived.get(port);
    const remote = this.#remotes.get(port);
    if (socket === undefined || remote === undefined) return;
    this.#arrived.delete(port);
    this.#remotes.delete(port);
    socket.resume();
    this.#context.onConnection(socket, remote);
  }

  #pump(from: Socket, to: Socket, dir: Direction): void {
    const faults = this.#faults.filter((fault) => fault.dir === undefined || fault.dir === dir);
    Pump.start({ from, to, faults, onFired: (fault) => this.#fire(fault, dir) });
  }

  #fire(fault: ByteFault, dir: Direction): void {
    if (this.#fired.has(fault)) return;
    this.#fired.add(fault);
    this.#say(fault, 'fired', dir);
  }

  #say(fault: ByteFault, act: 'armed' | 'fired' | 'disarmed', detail?: string): void {
    const at = this.#context.clock();
    this.#context.report({ k: 'fault', at, fault: fault.name, act, ...(detail !== undefined && { detail }) });
  }
}
