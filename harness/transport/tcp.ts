import { connect, type Socket } from 'node:net';
import { asError, HarnessError } from '../errors.ts';
import { LineReader } from './line-reader.ts';
import type { LineReceiver, LineTransport } from './line-transport.ts';
import { WriteGather } from './write-gather.ts';

const OPEN_BUDGET_MS = 5000;

/** One connection to a port server in raw mode, as ser2net offers it. */
export function tcpTransport(host: string, port: number): LineTransport {
  return new TcpTransport(host, port);
}

class TcpTransport implements LineTransport {
  readonly name: string;
  readonly #host: string;
  readonly #port: number;
  readonly #writes: WriteGather;
  #socket: Socket | undefined;
  #receiver: LineReceiver | undefined;
  #reader: LineReader | undefined;

  constructor(host: string, port: number) {
    this.name = host.includes(':') ? `tcp:[${host}]:${port}` : `tcp:${host}:${port}`;
    this.#host = host;
    this.#port = port;
    this.#writes = new WriteGather((text) => this.#socket?.write(text));
  }

  async open(receiver: LineReceiver): Promise<void> {
    const socket = await this.#connect();
    const reader = new LineReader(receiver);
    this.#socket = socket;
    this.#receiver = receiver;
    this.#reader = reader;
    socket.on('data', (chunk: Buffer) => reader.feed(chunk));
    socket.on('close', () => this.#lost('the connection was closed'));
  }

  send(text: string): void {
    if (this.#receiver !== undefined) this.#writes.add(text);
  }

  async close(): Promise<void> {
    this.#forget();
    const socket = this.#socket;
    if (socket === undefined || socket.destroyed) return;
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.destroy();
    });
  }

  #connect(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: this.#host, port: this.#port, noDelay: true, timeout: OPEN_BUDGET_MS });
      socket.once('timeout', () => socket.destroy(new Error(`no answer within ${OPEN_BUDGET_MS} ms`)));
      socket.on('error', (error) => {
        const { message } = asError(error);
        reject(new HarnessError('PORT_LOST', `${this.name} can't be opened: ${message}`, { port: this.name }));
        this.#lost(message);
      });
      socket.once('connect', () => {
        socket.setTimeout(0);
        resolve(socket);
      });
    });
  }

  #lost(why: string): void {
    const receiver = this.#receiver;
    this.#forget();
    receiver?.closed(why);
  }

  #forget(): void {
    this.#receiver = undefined;
    this.#writes.stop();
    this.#reader?.stop();
  }
}
