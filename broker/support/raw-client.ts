import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { FrameCutter } from '../frame/cutter.ts';
import { Waits } from '../waits.ts';

/** Longer than anything takes here; a wait that needs it has failed. */
export const BUDGET_MS = 4_000;

/** A client that sends exact bytes and shows what it gets, for tests. */
export class RawClient implements AsyncDisposable {
  readonly socket: Socket | TLSSocket;
  /** What happened to the socket: `end`, `close`, or an error code. */
  readonly happened: string[] = [];
  readonly received: Buffer[] = [];
  readonly #frames: Buffer[] = [];
  readonly #cutter = new FrameCutter(Number.POSITIVE_INFINITY);
  readonly #waits = new Waits();
  readonly #watchers = new Set<() => void>();

  private constructor(socket: Socket | TLSSocket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.received.push(chunk);
      for (const cut of this.#cutter.push(chunk)) if ('frame' in cut) this.#frames.push(cut.frame);
      this.#changed();
    });
    socket.on('end', () => this.#happens('end'));
    socket.on('close', () => this.#happens('close'));
    socket.on('error', (error: NodeJS.ErrnoException) => this.#happens(error.code ?? error.message));
  }

  static async connect(port: number, tls?: ConnectionOptions): Promise<RawClient> {
    const client = RawClient.start(port, tls);
    await once(client.socket, tls === undefined ? 'connect' : 'secureConnect');
    return client;
  }

  /** Does not wait for the connection. */
  static start(port: number, tls?: ConnectionOptions): RawClient {
    const options = { host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true };
    return new RawClient(tls === undefined ? connect(options) : connectTls({ ...options, ...tls }));
  }

  /** Bytes as hex, blanks allowed. */
  send(hex: string): void {
    this.socket.write(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  }

  /** The next frame from the broker, as hex. */
  nextFrame(budgetMs = BUDGET_MS): Promise<string> {
    return this.#waitUntil('a frame', budgetMs, () => this.#frames.shift()?.toString('hex'));
  }

  /** So many bytes have come, since the beginning. */
  waitForBytes(length: number, budgetMs = BUDGET_MS): Promise<Buffer> {
    return this.#waitUntil(`${length} bytes`, budgetMs, () => {
      const bytes = Buffer.concat(this.received);
      return bytes.length >= length ? bytes : undefined;
    });
  }

  waitFor(happening: string, budgetMs = BUDGET_MS): Promise<string> {
    return this.#waitUntil(happening, budgetMs, () => this.happened.find((seen) => seen === happening));
  }

  /** FIN or RST from the broker. */
  waitForEnd(budgetMs = BUDGET_MS): Promise<string> {
    return this.#waitUntil('the end', budgetMs, () => this.happened[0]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.socket.closed) {
      const closed = once(this.socket, 'close');
      this.socket.destroy();
      await closed;
    }
    this.#waits.close('the client');
  }

  #waitUntil<T>(what: string, budgetMs: number, find: () => T | undefined): Promise<T> {
    return this.#waits.waitFor<T>(`client sees ${what}`, budgetMs, (done) => {
      const watcher = () => {
        const found = find();
        if (found === undefined) return;
        this.#watchers.delete(watcher);
        done(found);
      };
      this.#watchers.add(watcher);
      watcher();
      return () => this.#watchers.delete(watcher);
    });
  }

  #happens(what: string): void {
    this.happened.push(what);
    this.#changed();
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
