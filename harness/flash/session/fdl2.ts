import { HarnessError } from '../../errors.ts';
import type { BslLink } from './bsl-link.ts';
import type { Exchange } from './exchange.ts';
import type { FlashTimeouts } from './flash-timeouts.ts';
import type { LoadedImage } from './load-fdl1.ts';
import { type SendOptions, sendFile, twoWords } from './send-file.ts';

/** Bytes of one READ_FLASH: the most that official tools ask for. */
const READ_BYTES = 0x3000;

/** The running second loader: the only stage that touches flash. */
export class Fdl2 {
  readonly #link: BslLink;
  readonly #exchange: Exchange;
  readonly #timeouts: FlashTimeouts;
  #served = false;

  constructor(link: BslLink, exchange: Exchange, timeouts: FlashTimeouts) {
    this.#link = link;
    this.#exchange = exchange;
    this.#timeouts = timeouts;
  }

  async write(file: LoadedImage, options: Omit<SendOptions, 'startMs' | 'timeouts'>): Promise<void> {
    await sendFile(this.#link, this.#exchange, file, {
      ...options,
      timeouts: this.#timeouts,
      startMs: this.#atLeastFirst(0),
    });
  }

  async erase(id: string, address: number, second: number): Promise<void> {
    this.#exchange.fileId = id;
    await this.#link.command('ERASE_FLASH', twoWords(address, second), this.#atLeastFirst(this.#timeouts.eraseMs));
  }

  /** @throws HarnessError FLASH_VERIFY_MISMATCH — at the first byte that differs */
  async verify(file: LoadedImage, onBytes: (count: number) => void): Promise<void> {
    this.#exchange.fileId = file.id;
    for (let at = 0; at < file.bytes.length; at += READ_BYTES) {
      const expected = file.bytes.subarray(at, at + READ_BYTES);
      this.#exchange.offsetBytes = at;
      const actual = await this.read(file.address, expected.length, at);
      if (!actual.equals(expected)) throw this.#mismatch(file, at, actual);
      onBytes(expected.length);
    }
  }

  /** Raw flash, at most 0x3000 bytes. */
  async read(address: number, sizeBytes: number, offsetBytes: number): Promise<Buffer> {
    const payload = Buffer.concat([twoWords(address, sizeBytes), twoWords(offsetBytes, 0).subarray(0, 4)]);
    return await this.#link.readFlash(payload, this.#atLeastFirst(this.#timeouts.readMs));
  }

  /** Ends the session; true when the device acknowledged. Silence with a port that goes away is a reset as well. */
  async reset(): Promise<void> {
    this.#exchange.stage = 'reset';
    this.#exchange.fileId = undefined;
    this.#exchange.offsetBytes = undefined;
    try {
      await this.#link.command('NORMAL_RESET', new Uint8Array(0), this.#timeouts.resetMs);
    } catch (error) {
      if (!(await this.#exchange.waitForLoss(0))) throw error;
    }
  }

  /** After a failure: waits for silence, then resets, so that the module boots what it has. True when it answered. */
  async abandon(): Promise<boolean> {
    try {
      await this.#link.drain(this.#timeouts.drainMs);
      await this.reset();
      return true;
    } catch {
      // The failure that led here is the one to report; this only tells that the device needs a power cycle.
      return false;
    }
  }

  #atLeastFirst(timeoutMs: number): number {
    const first = this.#served ? 0 : this.#timeouts.firstCommandMs;
    this.#served = true;
    return Math.max(timeoutMs, first);
  }

  #mismatch(file: LoadedImage, at: number, actual: Buffer): HarnessError {
    const index = file.bytes.subarray(at).findIndex((byte, offset) => byte !== actual[offset]);
    const address = file.address + at + index;
    const message = `flash differs from ${file.id} at 0x${address.toString(16)}`;
    return new HarnessError('FLASH_VERIFY_MISMATCH', message, { ...this.#exchange.point('READ_FLASH'), address });
  }
}
