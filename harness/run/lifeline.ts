import { createServer, type Server, type Socket } from 'node:net';

const FINISH = 'finish\n';

/**
 * The command line's end of the socket that every test process holds. When this process ends, however that happens, the kernel
 * closes it, and they end too: killing Jest alone would leave its workers running to the end of their file.
 */
export class Lifeline implements AsyncDisposable {
  readonly #server: Server;
  readonly #held = new Set<Socket>();
  #isFinishing = false;

  /** @param path of the socket, in a private folder */
  static async open(path: string): Promise<Lifeline> {
    const lifeline = new Lifeline();
    await new Promise<void>((resolve, reject) => {
      lifeline.#server.once('error', reject);
      lifeline.#server.listen(path, resolve);
    });
    return lifeline;
  }

  private constructor() {
    this.#server = createServer((socket) => this.#hold(socket));
  }

  /** Tells all test processes, and those that come later, to begin no further scenario. */
  finish(): void {
    this.#isFinishing = true;
    for (const socket of this.#held) socket.write(FINISH);
  }

  /** Ends the test processes that are left. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const socket of this.#held) socket.destroy();
    await closed;
  }

  #hold(socket: Socket): void {
    this.#held.add(socket);
    socket.on('error', () => undefined); // a process that dies may reset it; 'close' follows
    socket.on('close', () => this.#held.delete(socket));
    socket.resume();
    if (this.#isFinishing) socket.write(FINISH);
  }
}
