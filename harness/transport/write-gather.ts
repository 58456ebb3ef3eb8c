/** Gathers what is written in one turn of the event loop into one write: a burst of requests is one system call. */
export class WriteGather {
  readonly #write: (text: string) => void;
  #text = '';
  #isScheduled = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  add(text: string): void {
    this.#text += text;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => this.#flush());
  }

  /** Drops what is gathered. */
  stop(): void {
    this.#text = '';
  }

  #flush(): void {
    const text = this.#text;
    this.#text = '';
    this.#isScheduled = false;
    if (text !== '') this.#write(text);
  }
}
