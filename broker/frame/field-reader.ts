/** A frame whose fields can't be read; `clause` is the statement that it breaks. */
export class Malformed extends Error {
  readonly clause: string;

  constructor(clause: string, message: string) {
    super(message);
    this.clause = clause;
  }
}

/** Reads the fields of one frame in order. Every read names its field, so that a short frame says what is missing. */
export class FieldReader {
  readonly #frame: Buffer;
  #at: number;

  constructor(frame: Buffer, start: number) {
    this.#frame = frame;
    this.#at = start;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#frame.length;
  }

  byte(field: string, clause: string): number {
    const value = this.#frame[this.#at];
    if (value === undefined) throw new Malformed(clause, `${field} is missing`);
    this.#at += 1;
    return value;
  }

  word(field: string, clause: string): number {
    if (this.#at + 2 > this.#frame.length) throw new Malformed(clause, `${field} is missing or cut`);
    const value = this.#frame.readUInt16BE(this.#at);
    this.#at += 2;
    return value;
  }

  /** A field with a length of two bytes in front. */
  bytes(field: string, clause: string): Buffer {
    const length = this.word(`length of ${field}`, clause);
    const left = this.#frame.length - this.#at;
    if (length > left) throw new Malformed(clause, `${field} announces ${length} bytes, ${left} left`);
    this.#at += length;
    return this.#frame.subarray(this.#at - length, this.#at);
  }

  /** Whether the next field with a length in front is this one; then it is passed over. */
  skipSame(field: Buffer): boolean {
    const start = this.#at + 2;
    const end = start + field.length;
    if (end > this.#frame.length || this.#frame.readUInt16BE(this.#at) !== field.length) return false;
    if (field.compare(this.#frame, start, end) !== 0) return false;
    this.#at = end;
    return true;
  }

  rest(): Buffer {
    const rest = this.#frame.subarray(this.#at);
    this.#at = this.#frame.length;
    return rest;
  }

  expectEnd(): void {
    const left = this.#frame.length - this.#at;
    if (left > 0) throw new Malformed('MQTT-2.2.3', `${left} bytes after the last field`);
  }
}
