/** What a cutter makes of a chunk: whole control packets, or bytes that can't be one. */
export type Cut = { readonly frame: Buffer } | { readonly junk: Buffer; readonly why: string };

/** Longest fixed header: the type byte and four bytes of remaining length (MQTT 3.1.1, 2.2.3). */
const LONGEST_HEADER = 5;

/**
 * Cuts a byte stream into MQTT control packets by the remaining length alone; what is in them is not its business.
 *
 * Once the stream can't be cut any more (a remaining length of five bytes, or a packet above the limit), all that
 * follows is junk: there is no way back into step.
 */
export class FrameCutter {
  readonly #limitBytes: number;
  #parts: Buffer[] = [];
  #length = 0;
  /** Length of the packet that is being gathered; 0 while its header is not complete. */
  #wanted = 0;
  #brokenBy: string | undefined;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Bytes of a packet that is not complete. */
  get pendingBytes(): number {
    return this.#length;
  }

  get isBroken(): boolean {
    return this.#brokenBy !== undefined;
  }

  /** Takes out what is gathered of an incomplete packet. */
  takePending(): Buffer {
    const pending = this.#joined();
    this.#parts = [];
    this.#length = 0;
    this.#wanted = 0;
    return pending;
  }

  push(chunk: Buffer): Cut[] {
    if (this.#brokenBy !== undefined) return [{ junk: chunk, why: this.#brokenBy }];
    if (this.#length === 0) return this.#cut(chunk);
    this.#parts.push(chunk);
    this.#length += chunk.length;
    return this.#length < this.#wanted ? [] : this.#cut(this.takePending());
  }

  #cut(bytes: Buffer): Cut[] {
    const cuts: Cut[] = [];
    let start = 0;
    while (start < bytes.length) {
      const wanted = packetLength(bytes, start);
      const why = this.#impossible(wanted);
      if (why !== undefined) {
        this.#brokenBy = why;
        cuts.push({ junk: bytes.subarray(start), why });
        return cuts;
      }
      if (wanted === 'incomplete' || start + Number(wanted) > bytes.length) {
        this.#keep(bytes.subarray(start), wanted);
        return cuts;
      }
      cuts.push({ frame: bytes.subarray(start, start + Number(wanted)) });
      start += Number(wanted);
    }
    return cuts;
  }

  #impossible(wanted: PacketLength): string | undefined {
    if (wanted === 'too-long') return 'remaining length of more than four bytes';
    if (wanted === 'incomplete' || wanted <= this.#limitBytes) return undefined;
    return `packet of ${wanted} bytes, ${this.#limitBytes} allowed`;
  }

  #keep(rest: Buffer, wanted: PacketLength): void {
    this.#parts = [rest];
    this.#length = rest.length;
    this.#wanted = typeof wanted === 'number' ? wanted : 0;
  }

  #joined(): Buffer {
    const [only] = this.#parts;
    return only !== undefined && this.#parts.length === 1 ? only : Buffer.concat(this.#parts);
  }
}

type PacketLength = number | 'incomplete' | 'too-long';

function packetLength(bytes: Buffer, start: number): PacketLength {
  let remaining = 0;
  for (let i = 1; i < LONGEST_HEADER; i += 1) {
    const byte = bytes[start + i];
    if (byte === undefined) return 'incomplete';
    remaining += (byte & 0x7f) * 128 ** (i - 1);
    if (byte < 0x80) return 1 + i + remaining;
  }
  return 'too-long';
}
