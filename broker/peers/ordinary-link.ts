import { Duplex } from 'node:stream';
import type { PeerLink, PeerSession } from './peer.ts';

/** The stream that aedes reads from and writes to; the other side of it is the tap. */
export class OrdinaryLink extends Duplex implements PeerSession {
  readonly #link: PeerLink;

  constructor(link: PeerLink) {
    super({ allowHalfOpen: true });
    this.#link = link;
    // aedes takes its own listener away when it closes a client; without one an error would end the process.
    this.on('error', () => undefined);
  }

  receive(bytes: Buffer): boolean {
    return this.destroyed || this.readableEnded ? true : this.push(bytes);
  }

  moduleEnded(): void {
    if (!this.destroyed) this.push(null);
  }

  /** aedes closes on the end of the stream and on its error, and must notice the difference for wills: both publish them. */
  connectionClosed(error: Error | undefined): void {
    this.destroy(error);
  }

  override _read(): void {
    this.#link.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    if (this.#link.send(chunk)) callback();
    else this.#link.whenDrained(callback);
  }

  /** aedes writes a packet in several pieces: here they come as one. */
  override _writev(chunks: { readonly chunk: Buffer }[], callback: () => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'binary', callback);
  }

  override _final(callback: () => void): void {
    this.#link.end('fin');
    callback();
  }

  override _destroy(_error: Error | null, callback: (error: Error | null) => void): void {
    this.#link.end('fin');
    callback(null);
  }
}
