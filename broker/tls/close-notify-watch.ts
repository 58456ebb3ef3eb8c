const HEADER_BYTES = 5;
const ALERT = 21;

/**
 * Follows the TLS records of one side and knows whether the last was an alert. One that a FIN follows in order is close_notify: any
 * other is the end of the session, and fails the stream.
 *
 * Up to TLS 1.2 the type of a record is in clear; with 1.3 all that is encrypted looks like data [RFC 8446 5.2].
 */
export class CloseNotifyWatch {
  #header = Buffer.alloc(0);
  #bodyLeft = 0;

  get hasCome(): boolean {
    return this.#bodyLeft === 0 && this.#header.length === HEADER_BYTES && this.#header[0] === ALERT;
  }

  take(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) at += this.#bodyLeft > 0 ? this.#skip(bytes.length - at) : this.#takeHeader(bytes, at);
  }

  #skip(available: number): number {
    const skipped = Math.min(this.#bodyLeft, available);
    this.#bodyLeft -= skipped;
    return skipped;
  }

  #takeHeader(bytes: Buffer, at: number): number {
    const before = this.#header.length === HEADER_BYTES ? Buffer.alloc(0) : this.#header;
    const part = bytes.subarray(at, at + HEADER_BYTES - before.length);
    this.#header = Buffer.concat([before, part]);
    if (this.#header.length === HEADER_BYTES) this.#bodyLeft = this.#header.readUInt16BE(3);
    return part.length;
  }
}
