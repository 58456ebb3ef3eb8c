import { rfc1071 } from '../rfc1071.ts';

/** What a loader makes of the bytes it gets: a command, or the end. */
export type Received =
  | { readonly kind: 'frame'; readonly type: number; readonly payload: Buffer }
  | { readonly kind: 'panic'; readonly why: string };

const FLAG = 0x7e;
const ESCAPE = 0x7d;
/** Room that a loader has beyond its longest packet. */
const SLACK_BYTES = 32;

type State = 'start' | 'run' | 'escape' | 'end';

/**
 * The receiver of FDL1 and FDL2, with all of its habits: a flag in the middle starts the frame again, a byte after a
 * complete frame drops it silently, too long a frame loses the rest of its transfer, a wrong checksum is the end.
 */
export class BslReceiver {
  readonly #maxPacketBytes: number;
  readonly #frame: Buffer;
  #length = 0;
  #state: State = 'start';

  /** @param maxPacketBytes 0x840 in FDL1, 0x3000 in FDL2 */
  constructor(maxPacketBytes: number) {
    this.#maxPacketBytes = maxPacketBytes;
    this.#frame = Buffer.alloc(maxPacketBytes + SLACK_BYTES);
  }

  push(block: Uint8Array): readonly Received[] {
    const received: Received[] = [];
    for (const byte of block) {
      if (this.#state === 'end') {
        if (!this.#finish(byte, received)) return received;
      } else if (!this.#step(byte)) return received;
    }
    return received;
  }

  /** False when the rest of this block is lost. */
  #step(byte: number): boolean {
    if (byte === FLAG) {
      this.#length = 0;
      this.#state = 'run';
      return true;
    }
    if (this.#state === 'start') return true;
    if (this.#state === 'run' && byte === ESCAPE) {
      this.#state = 'escape';
      return true;
    }
    const value = this.#state === 'escape' ? byte | 0x20 : byte;
    this.#state = 'run';
    return this.#append(value);
  }

  #append(value: number): boolean {
    if (this.#length + 1 > this.#maxPacketBytes + SLACK_BYTES) {
      this.#state = 'start';
      return false;
    }
    this.#frame[this.#length++] = value;
    if (this.#length >= 4 && this.#length === this.#frame.readUInt16BE(2) + 6) this.#state = 'end';
    return true;
  }

  /** False after a panic. */
  #finish(byte: number, received: Received[]): boolean {
    if (byte !== FLAG) {
      this.#state = 'start';
      return true;
    }
    const frame = Buffer.from(this.#frame.subarray(0, this.#length));
    this.#length = 0;
    this.#state = 'run';
    const right = rfc1071(frame.subarray(0, -2)) === frame.readUInt16BE(frame.length - 2);
    if (right) received.push({ kind: 'frame', type: frame.readUInt16BE(0), payload: frame.subarray(4, -2) });
    else received.push({ kind: 'panic', why: 'a frame with a wrong checksum' });
    return right;
  }
}
