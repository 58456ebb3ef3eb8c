import type { BytePort } from './byte-port.ts';

/** Two ports, each the other's far end; bytes arrive in a later microtask, chunk by chunk as written. */
export function bytePortPair(): readonly [BytePort, BytePort] {
  const left = new PairedPort();
  const right = new PairedPort();
  left.connect(right);
  right.connect(left);
  return [left, right];
}

class PairedPort implements BytePort {
  #far: PairedPort | undefined;
  #onData: (bytes: Buffer) => void = () => undefined;
  #onClose: (reason: Error | undefined) => void = () => undefined;
  #open = true;

  connect(far: PairedPort): void {
    this.#far = far;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#open) throw new Error('port is closed');
    const copy = Buffer.from(bytes);
    queueMicrotask(() => this.#far?.receive(copy));
  }

  onData(listener: (bytes: Buffer) => void): void {
    this.#onData = listener;
  }

  onClose(listener: (reason: Error | undefined) => void): void {
    this.#onClose = listener;
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#end(undefined);
    this.#far?.vanish();
  }

  receive(bytes: Buffer): void {
    if (this.#open) this.#onData(bytes);
  }

  vanish(): void {
    if (this.#open) this.#end(new Error('the other end closed the port'));
  }

  #end(reason: Error | undefined): void {
    this.#open = false;
    this.#onClose(reason);
  }
}
