import { HarnessError } from '../../errors.ts';
import { BSL_COMMAND, BSL_REPLY, type BslCommandName, bslReplyName } from '../bsl/bsl-code.ts';
import { type BadBslFrame, type BslFrame, BslFrameReader } from '../bsl/bsl-frame-reader.ts';
import { encodeBslFrameForUsb } from '../bsl/encode-bsl-frame.ts';
import type { Exchange } from './exchange.ts';

/** Requests to FDL1 and FDL2. Whatever comes unasked is an error: an ACK too many would be taken for the next one. */
export class BslLink {
  readonly #exchange: Exchange;
  readonly #onLog: (text: string) => void;
  readonly #reader = new BslFrameReader();
  readonly #unasked: (BslFrame | BadBslFrame)[] = [];

  constructor(exchange: Exchange, onLog: (text: string) => void) {
    this.#exchange = exchange;
    this.#onLog = onLog;
    exchange.onStray = (chunk) => this.#unasked.push(...this.#framesIn(chunk));
  }

  /** @throws HarnessError FLASH_BSL_TIMEOUT, FLASH_BSL_REFUSED, FLASH_REPLY_CORRUPT, FLASH_REPLY_UNEXPECTED, FLASH_PORT_VANISHED */
  async command(command: BslCommandName, payload: Uint8Array, timeoutMs: number): Promise<void> {
    await this.send(command, encodeBslFrameForUsb(BSL_COMMAND[command], payload), timeoutMs);
  }

  /** The same for a frame that was encoded before, while another one was under way. */
  async send(command: BslCommandName, frame: Uint8Array, timeoutMs: number): Promise<void> {
    const reply = await this.#request(command, frame, timeoutMs);
    if (reply.type !== BSL_REPLY.ACK) throw this.#refused(command, reply);
  }

  /** The bytes that READ_FLASH answers with. @throws as `command` does */
  async readFlash(payload: Uint8Array, timeoutMs: number): Promise<Buffer> {
    const reply = await this.#request('READ_FLASH', encodeBslFrameForUsb(BSL_COMMAND.READ_FLASH, payload), timeoutMs);
    if (reply.type !== BSL_REPLY.READ_FLASH) throw this.#refused('READ_FLASH', reply);
    return reply.payload;
  }

  /** The version text in these bytes, if a VER is complete. @throws HarnessError FLASH_REPLY_CORRUPT, FLASH_REPLY_UNEXPECTED */
  readVersion(chunk: Buffer): string | undefined {
    const [frame, ...rest] = this.#framesIn(chunk);
    this.#unasked.push(...rest);
    if (frame === undefined) return undefined;
    const reply = this.#whole('CHECK_BAUD', frame);
    if (reply.type !== BSL_REPLY.VER) throw this.#unexpected('CHECK_BAUD', reply);
    return reply.payload.toString('latin1').replace(/\0+$/u, '');
  }

  /** Forgets what came unasked and waits for silence: after it, an answer belongs to the next request again. */
  async drain(silenceMs: number): Promise<void> {
    await this.#exchange.drain(silenceMs);
    // Closes whatever was cut off in the middle, so that it cannot be glued to the next answer.
    this.#reader.push(Buffer.of(0x7e));
    this.#unasked.length = 0;
  }

  /** Nothing may come that was not asked for. @throws HarnessError FLASH_REPLY_UNEXPECTED, FLASH_REPLY_CORRUPT */
  async expectSilence(silenceMs: number): Promise<void> {
    const frame = await this.#exchange.ask('silence', {
      timeoutMs: silenceMs,
      read: (chunk) => this.#firstFrame(chunk),
    });
    const early = this.#unasked.shift() ?? frame;
    if (early !== undefined) throw this.#unexpected('silence', this.#whole('silence', early));
  }

  async #request(command: BslCommandName, bytes: Uint8Array, timeoutMs: number): Promise<BslFrame> {
    const [early] = this.#unasked.splice(0);
    if (early !== undefined) throw this.#unexpected(command, this.#whole(command, early));
    const frame = await this.#exchange.ask(command, {
      bytes,
      timeoutMs,
      read: (chunk) => this.#firstFrame(chunk),
    });
    if (frame !== undefined) return this.#whole(command, frame);
    const message = `no answer to ${command} within ${timeoutMs} ms`;
    throw new HarnessError('FLASH_BSL_TIMEOUT', message, { ...this.#exchange.point(command), timeoutMs });
  }

  #firstFrame(chunk: Buffer): BslFrame | BadBslFrame | undefined {
    const [first, ...rest] = this.#framesIn(chunk);
    this.#unasked.push(...rest);
    return first;
  }

  #framesIn(chunk: Buffer): readonly (BslFrame | BadBslFrame)[] {
    return this.#reader.push(chunk).filter((frame) => {
      if (frame.kind !== 'frame' || frame.type !== BSL_REPLY.LOG) return true;
      this.#onLog(frame.payload.toString('latin1'));
      return false;
    });
  }

  #whole(command: string, frame: BslFrame | BadBslFrame): BslFrame {
    if (frame.kind === 'frame') return frame;
    const message = `the answer to ${command} was damaged on its way: ${frame.reason}`;
    throw new HarnessError('FLASH_REPLY_CORRUPT', message, { ...this.#exchange.point(command), reason: frame.reason });
  }

  #refused(command: BslCommandName, { type }: BslFrame): HarnessError {
    if (type === BSL_REPLY.VER || type === BSL_REPLY.ACK || type === BSL_REPLY.READ_FLASH)
      return this.#unexpected(command, { kind: 'frame', type, payload: Buffer.alloc(0) });
    const replyName = bslReplyName(type);
    const message = `the loader answered ${command} with ${replyName} (0x${type.toString(16)})`;
    return new HarnessError('FLASH_BSL_REFUSED', message, { ...this.#exchange.point(command), reply: type, replyName });
  }

  #unexpected(command: string, { type }: BslFrame): HarnessError {
    const replyName = bslReplyName(type);
    const message = `unasked-for ${replyName} at ${command}`;
    return new HarnessError('FLASH_REPLY_UNEXPECTED', message, { ...this.#exchange.point(command), replyName });
  }
}
