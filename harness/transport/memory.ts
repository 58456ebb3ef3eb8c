import { LineReader, type LineReaderOptions } from './line-reader.ts';
import type { LineReceiver, LineTransport } from './line-transport.ts';

/** The module's end of a memory wire: bytes, as a UART has them. */
export interface FarEnd {
  send(bytes: Buffer): void;
  /** Who hears the host's bytes; those that came earlier are delivered first. */
  listen(onBytes: (bytes: Buffer) => void): void;
  /** Pulls the plug: the host sees the port close. */
  unplug(why: string): void;
}

/** A wire without a port. Bytes arrive in order, in a later turn of the event loop; lines are cut as on a real port. */
export function linkedPair(options: LineReaderOptions = {}): { readonly near: LineTransport; readonly far: FarEnd } {
  const wire = new Wire(options);
  const far: FarEnd = {
    send: (bytes) => wire.sendToHost(bytes),
    listen: (onBytes) => wire.listen(onBytes),
    unplug: (why) => wire.unplug(why),
  };
  return { near: wire, far };
}

class Wire implements LineTransport {
  readonly name = 'memory';
  readonly #options: LineReaderOptions;
  readonly #toFar: Buffer[] = [];
  readonly #toNear: Buffer[] = [];
  #onBytes: ((bytes: Buffer) => void) | undefined;
  #receiver: LineReceiver | undefined;
  #reader: LineReader | undefined;
  #isFlushing = false;
  #closedWhy: string | undefined;

  constructor(options: LineReaderOptions) {
    this.#options = options;
  }

  async open(receiver: LineReceiver): Promise<void> {
    this.#receiver = receiver;
    this.#reader = new LineReader(receiver, this.#options);
    this.#flushLater();
  }

  send(text: string): void {
    if (this.#closedWhy !== undefined) return;
    this.#toFar.push(Buffer.from(text));
    this.#flushLater();
  }

  sendToHost(bytes: Buffer): void {
    if (this.#closedWhy !== undefined) return;
    this.#toNear.push(bytes);
    this.#flushLater();
  }

  listen(onBytes: (bytes: Buffer) => void): void {
    this.#onBytes = onBytes;
    this.#flushLater();
  }

  unplug(why: string): void {
    if (this.#closedWhy !== undefined) return;
    this.#closedWhy = why;
    this.#flushLater();
  }

  async close(): Promise<void> {
    this.#closedWhy ??= 'closed';
    this.#receiver = undefined;
    this.#reader?.stop();
  }

  #flushLater(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushing = false;
    if (this.#onBytes !== undefined) for (const bytes of this.#toFar.splice(0)) this.#onBytes(bytes);
    if (this.#reader !== undefined) for (const bytes of this.#toNear.splice(0)) this.#reader.feed(bytes);
    if (this.#closedWhy !== undefined) this.#tellClosed(this.#closedWhy);
  }

  #tellClosed(why: string): void {
    this.#reader?.stop();
    const receiver = this.#receiver;
    this.#receiver = undefined;
    receiver?.closed(why);
  }
}
