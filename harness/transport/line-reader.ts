import { ReadlineParser } from '@serialport/parser-readline';
import { LINE_FROM_MODULE_BYTES } from '../protocol/limits.ts';
import { LineLimit } from './line-limit.ts';
import type { LineReceiver } from './line-transport.ts';

export const HALF_LINE_MS = 2000;
const CHECK_EVERY_MS = 500;

type Receiver = Pick<LineReceiver, 'line' | 'noise'>;

export interface LineReaderOptions {
  /** Of a line without its LF. */
  readonly limitBytes?: number;
  readonly halfLineMs?: number;
}

/** Cuts the bytes of a port into lines. Empty lines are left out; a line that began and did not end in time is told once. */
export class LineReader {
  readonly #receiver: Receiver;
  readonly #limit: LineLimit;
  readonly #halfLineMs: number;
  // Object mode: in byte mode lines that arrive together are merged. One character a byte, since noise need not be UTF-8.
  readonly #parser = new ReadlineParser({ readableObjectMode: true, encoding: 'latin1' });
  readonly #watch: NodeJS.Timeout;
  #heardAtMs = 0;
  #isHalfLineTold = false;

  constructor(receiver: Receiver, options: LineReaderOptions = {}) {
    this.#receiver = receiver;
    this.#limit = new LineLimit(options.limitBytes ?? LINE_FROM_MODULE_BYTES - 1);
    this.#halfLineMs = options.halfLineMs ?? HALF_LINE_MS;
    this.#parser.on('data', (text: string) => this.#line(Buffer.from(text, 'latin1')));
    this.#watch = setInterval(() => this.#tellHalfLine(), Math.min(CHECK_EVERY_MS, this.#halfLineMs / 2));
    this.#watch.unref();
  }

  feed(chunk: Buffer): void {
    this.#heardAtMs = performance.now();
    this.#isHalfLineTold = false;
    for (const piece of this.#limit.pass(chunk)) this.#parser.write(piece);
  }

  /** Forgets what is half read. */
  stop(): void {
    clearInterval(this.#watch);
    this.#parser.removeAllListeners('data');
  }

  #line(line: Buffer): void {
    if (this.#limit.isCut(line)) this.#receiver.noise(line, this.#limit.takeCutLength(), 'too-long');
    else if (line.length > 0) this.#receiver.line(line);
  }

  #tellHalfLine(): void {
    const { pendingBytes } = this.#limit;
    if (pendingBytes === 0 || this.#isHalfLineTold) return;
    if (performance.now() - this.#heardAtMs < this.#halfLineMs) return;
    this.#isHalfLineTold = true;
    this.#receiver.noise(Buffer.alloc(0), pendingBytes, 'half-line');
  }
}
