const LF = 0x0a;

/**
 * Keeps lines that are too long away from a line parser, which would buffer them without limit and copy them with every chunk.
 *
 * Of such a line only a head of one byte more than the limit passes, and its LF: so whoever gets a line of that length knows that
 * it was cut, and asks `takeCutLength` for how long it was.
 */
export class LineLimit {
  readonly #headBytes: number;
  /** Bytes of the line that has begun, passed or not. */
  #length = 0;
  readonly #cutLengths: number[] = [];

  /** @param limitBytes of a line without its LF */
  constructor(limitBytes: number) {
    this.#headBytes = limitBytes + 1;
  }

  /** Bytes since the last LF. */
  get pendingBytes(): number {
    return this.#length;
  }

  isCut(line: Buffer): boolean {
    return line.length === this.#headBytes;
  }

  /** How long the oldest cut line was that has not been asked for. */
  takeCutLength(): number {
    return this.#cutLengths.shift() ?? this.#headBytes;
  }

  /** What of the chunk may go on, in order. */
  pass(chunk: Buffer): readonly Buffer[] {
    if (this.#length + chunk.length >= this.#headBytes) return this.#cut(chunk);
    const end = chunk.lastIndexOf(LF);
    this.#length = end === -1 ? this.#length + chunk.length : chunk.length - end - 1;
    return [chunk];
  }

  #cut(chunk: Buffer): Buffer[] {
    const passed: Buffer[] = [];
    for (let from = 0; from < chunk.length; ) {
      const end = chunk.indexOf(LF, from);
      const stop = end === -1 ? chunk.length : end;
      const room = Math.max(0, this.#headBytes - this.#length);
      this.#length += stop - from;
      passed.push(chunk.subarray(from, Math.min(stop, from + room)));
      if (end === -1) break;
      passed.push(chunk.subarray(end, end + 1));
      if (this.#length >= this.#headBytes) this.#cutLengths.push(this.#length);
      this.#length = 0;
      from = end + 1;
    }
    return passed;
  }
}
