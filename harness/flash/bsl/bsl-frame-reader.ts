import { rfc1071 } from '../rfc1071.ts';

export interface BslFrame {
  readonly kind: 'frame';
  readonly type: number;
  readonly payload: Buffer;
}

/** Bytes between two flags that are no frame: cut short, wrong length, wrong checksum or too long. */
export interface BadBslFrame {
  readonly kind: 'bad';
  readonly reason: string;
}

const FLAG = 0x7e;
const ESCAPE = 0x7d;
/** Above the longest answer (READ_FLASH 0x3000), below what a length field could claim. */
const LIMIT_BYTES = 0x4000;

/** Puts frames together again from chunks cut anywhere, as a host must; memory is bounded by the longest frame. */
export class BslFrameReader {
  readonly #body = Buffer.allocUnsafe(LIMIT_BYTES);
  #length = 0;
  #escape = false;
  #tooLong = false;
  #synchronised = false;

  /** The frames that this chunk completes; never throws. Bytes before the first flag are skipped. */
  push(chunk: Uint8Array): readonly (BslFrame | BadBslFrame)[] {
    const found: (BslFrame | BadBslFrame)[] = [];
    for (const byte of chunk) {
      if (byte === FLAG) this.#close(found);
      else this.#append(byte);
    }
    return found;
  }

  #append(byte: number): void {
    if (!this.#synchronised || this.#tooLong) return;
    if (byte === ESCAPE && !this.#escape) {
      this.#escape = true;
      return;
    }
    if (this.#length === LIMIT_BYTES) {
      this.#tooLong = true;
      return;
    }
    this.#body[this.#length++] = this.#escape ? byte ^ 0x20 : byte;
    this.#escape = false;
  }

  #close(found: (BslFrame | BadBslFrame)[]): void {
    // A flag may close one frame and open the next, so an empty stretch between two of them is no frame.
    if (this.#tooLong) found.push({ kind: 'bad', reason: `longer than ${LIMIT_BYTES} bytes` });
    else if (this.#escape) found.push({ kind: 'bad', reason: 'ends inside an escape' });
    else if (this.#length > 0) found.push(decode(Buffer.from(this.#body.subarray(0, this.#length))));
    this.#length = 0;
    this.#escape = false;
    this.#tooLong = false;
    this.#synchronised = true;
  }
}

function decode(body: Buffer): BslFrame | BadBslFrame {
  if (body.length < 6) return { kind: 'bad', reason: `${body.length} bytes are too short` };
  const claimed = body.readUInt16BE(2);
  if (claimed !== body.length - 6)
    return { kind: 'bad', reason: `claims ${claimed} bytes of data and has ${body.length - 6}` };
  const expected = rfc1071(body.subarray(0, -2));
  const actual = body.readUInt16BE(body.length - 2);
  if (actual !== expected) return { kind: 'bad', reason: `checksum ${hex(actual)} instead of ${hex(expected)}` };
  return { kind: 'frame', type: body.readUInt16BE(0), payload: body.subarray(4, -2) };
}

function hex(value: number): string {
  return value.toString(16).padStart(4, '0');
}
