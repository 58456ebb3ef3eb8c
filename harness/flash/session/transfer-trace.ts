const KEPT = 20;
const SHOWN_BYTES = 32;

/** The last transfers of a session, for the report of a failure. */
export class TransferTrace {
  readonly #kept: { readonly mark: '>' | '<'; readonly bytes: Uint8Array }[] = [];

  add(mark: '>' | '<', bytes: Uint8Array): void {
    this.#kept.push({ mark, bytes });
    if (this.#kept.length > KEPT) this.#kept.shift();
  }

  /** "> 7e 00 …", oldest first, long ones cut. */
  lines(): readonly string[] {
    return this.#kept.map(({ mark, bytes }) => {
      const head = Buffer.from(bytes.subarray(0, SHOWN_BYTES)).toString('hex');
      const rest = bytes.length > SHOWN_BYTES ? `… (${bytes.length} bytes)` : '';
      return `${mark} ${head}${rest}`;
    });
  }
}
