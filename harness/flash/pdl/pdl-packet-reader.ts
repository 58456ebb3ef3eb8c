import { PDL_HEADER_BYTES, PDL_TAG } from './pdl-packet.ts';

export interface PdlPacket {
  /** 0xFF acknowledges or commands, 0xEE tells an error. */
  readonly flow: number;
  readonly payload: Buffer;
}

const MIN_PAYLOAD_BYTES = 4;
const MAX_PAYLOAD_BYTES = 2048 + 12;

/**
 * Finds PDL packets in a stream cut anywhere: everything before a tag is skipped, and a header that makes no sense
 * starts the search again, as the ROM's own receiver does. Bytes 6 and 7 are rubbish in replies and are not looked at.
 */
export class PdlPacketReader {
  readonly #flows: readonly number[];
  #pending = Buffer.alloc(0);

  /** @param flows flow ids that are accepted: a device knows 0xFF only, a host 0xFF and 0xEE */
  constructor(flows: readonly number[]) {
    this.#flows = flows;
  }

  push(chunk: Uint8Array): readonly PdlPacket[] {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    const found: PdlPacket[] = [];
    for (let packet = this.#take(); packet !== undefined; packet = this.#take()) found.push(packet);
    return found;
  }

  #take(): PdlPacket | undefined {
    for (;;) {
      const start = this.#pending.indexOf(PDL_TAG);
      this.#pending = start < 0 ? Buffer.alloc(0) : this.#pending.subarray(start);
      if (this.#pending.length < PDL_HEADER_BYTES) return undefined;
      const length = this.#pending.readUInt32LE(1);
      const flow = this.#pending[5] ?? 0;
      if (this.#flows.includes(flow) && length >= MIN_PAYLOAD_BYTES && length <= MAX_PAYLOAD_BYTES)
        return this.#complete(flow, PDL_HEADER_BYTES + length);
      this.#pending = this.#pending.subarray(PDL_HEADER_BYTES);
    }
  }

  #complete(flow: number, end: number): PdlPacket | undefined {
    if (this.#pending.length < end) return undefined;
    const payload = Buffer.from(this.#pending.subarray(PDL_HEADER_BYTES, end));
    this.#pending = this.#pending.subarray(end);
    return { flow, payload };
  }
}
