import { ReadlineParser } from '@serialport/parser-readline';
import { SerialPort } from 'serialport';

/** The least that a program can do to ask over a line: JSON out, a line in, JSON parsed. */
export class SerialEcho {
  readonly #port: SerialPort;
  #answered: (() => void) | undefined;
  #lastId = 0;

  static async open(path: string): Promise<SerialEcho> {
    const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false });
    await new Promise<void>((resolve, reject) => {
      port.open((error) => (error ? reject(error) : resolve()));
    });
    return new SerialEcho(port);
  }

  private constructor(port: SerialPort) {
    this.#port = port;
    port.pipe(new ReadlineParser()).on('data', (line: string) => {
      if (JSON.parse(line).id === this.#lastId) this.#answered?.();
    });
  }

  ask(): Promise<void> {
    this.#lastId += 1;
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#port.write(`${JSON.stringify({ jsonrpc: '2.0', id: this.#lastId, method: 'clock.read' })}\n`);
    });
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#port.close(() => resolve()));
  }
}
