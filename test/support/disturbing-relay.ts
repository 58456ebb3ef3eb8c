import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { SerialPort } from 'serialport';
import { type Disturbance, Mistreater, randomOf } from '../../harness/module/disturbed.ts';

/**
 * For tests: offers a TTY over TCP, as ser2net does, and mistreats what passes. While the TTY is gone, connections are refused; each
 * connection opens the TTY anew.
 */
export class DisturbingRelay implements AsyncDisposable {
  /** May be changed while it runs. */
  disturbance: Disturbance;
  connections = 0;
  /** Sees what goes to the module, before it goes. */
  watch: ((bytes: Buffer) => void) | undefined;
  /** Cuts the connection by itself after about so many chunks, in either direction. */
  cutEvery: number | undefined;
  readonly #path: string;
  readonly #random: () => number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** What waits while nothing passes. */
  #held: (() => void)[] | undefined;

  static async open(path: string, disturbance: Disturbance, seed: number): Promise<DisturbingRelay> {
    const relay = new DisturbingRelay(path, disturbance, seed);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  private constructor(path: string, disturbance: Disturbance, seed: number) {
    this.#path = path;
    this.disturbance = disturbance;
    this.#random = randomOf(seed);
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** As on the command line: `tcp:host:port`. */
  get spec(): string {
    const address = this.#server.address();
    return `tcp:127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  /** Cuts the connection, as a cable that is pulled. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Lets nothing pass any more, and loses nothing: a line that hangs. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const pass of held) pass();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }

  #serve(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    const port = new SerialPort({ path: this.#path, baudRate: 115_200, autoOpen: false });
    const up = new Mistreater(() => this.disturbance, this.#random);
    const down = new Mistreater(() => this.disturbance, this.#random);
    socket.on('data', (bytes) => {
      this.watch?.(bytes);
      this.#pass(() => up.pass(bytes, (piece) => port.write(piece)));
      this.#cutByChance();
    });
    port.on('data', (bytes: Buffer) => {
      this.#pass(() => down.pass(bytes, (piece) => socket.write(piece)));
      this.#cutByChance();
    });
    socket.on('error', () => undefined); // its end is told by 'close'
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (port.isOpen) port.close();
    });
    port.on('close', () => socket.destroy());
    port.on('error', () => socket.destroy());
    port.open((error) => {
      if (error) socket.destroy();
      // Cut before it was open: a port that nobody reads would take bytes from the next connection's.
      else if (socket.destroyed) port.close();
    });
  }

  #pass(act: () => void): void {
    if (this.#held === undefined) act();
    else this.#held.push(act);
  }

  #cutByChance(): void {
    if (this.cutEvery !== undefined && this.#random() * this.cutEvery < 1) this.cut();
  }
}
