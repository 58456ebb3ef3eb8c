import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Direction } from '../events.ts';

/**
 * A socket below TLS whose bytes are shown to a recorder as they pass.
 *
 * Node's TLS takes over the handle of a socket, and nobody else sees its bytes; over any other stream it goes through these methods.
 */
export class RecordedSocket extends Duplex {
  readonly #socket: Socket;
  readonly #record: (dir: Direction, bytes: Buffer) => void;

  constructor(socket: Socket, record: (dir: Direction, bytes: Buffer) => void) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#record = record;
    socket.on('data', (chunk: Buffer) => {
      record('up', chunk);
      if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#record('down', chunk);
    if (this.#socket.write(chunk)) callback();
    else this.#socket.once('drain', callback);
  }

  override _final(callback: () => void): void {
    this.#socket.end();
    callback();
  }

  override _destroy(_error: Error | null, callback: (error: Error | null) => void): void {
    this.#socket.destroy();
    callback(null);
  }
}
