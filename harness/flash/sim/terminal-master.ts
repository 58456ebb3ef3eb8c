import { spawnSync } from 'node:child_process';
import { read, writeSync } from 'node:fs';

const CHUNK_BYTES = 16 * 1024;
/** The kernel tells nobody when a terminal is opened: while it is closed, reading fails at once. */
const CLOSED_LOOK_MS = 5;

/** The master of a pseudo terminal, as the device's end of a USB cable. */
export class TerminalMaster {
  readonly #fd: number;
  readonly #buffer = Buffer.alloc(CHUNK_BYTES);

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** The next bytes; undefined while the host has its end closed. Rejects when the terminal is gone. */
  async read(): Promise<Buffer | undefined> {
    return await new Promise((resolve, reject) => {
      read(this.#fd, this.#buffer, 0, CHUNK_BYTES, null, (error, count) => {
        if (error === null) resolve(count === 0 ? undefined : Buffer.from(this.#buffer.subarray(0, count)));
        else if (error.code === 'EIO') setTimeout(() => resolve(undefined), CLOSED_LOOK_MS);
        else if (error.code === 'EAGAIN') setTimeout(() => resolve(Buffer.alloc(0)), 1);
        else reject(error);
      });
    });
  }

  write(bytes: Uint8Array): void {
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#fd, bytes, written);
  }

  /** The speed that the host set: both ends share their settings. Undefined where `stty` cannot tell. */
  findSpeed(): string | undefined {
    const { status, stdout } = spawnSync('stty', ['speed'], { stdio: [this.#fd, 'pipe', 'ignore'], encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  }
}
