import type { BytePort } from '../byte-port.ts';

/** The AT port of a simulated module: one answer a line, with echo, as such a module does after it starts. */
export class SimulatedAtPort implements BytePort {
  readonly #answer: (command: string) => readonly string[];
  #onData: (bytes: Buffer) => void = () => undefined;
  #onClose: (reason: Error | undefined) => void = () => undefined;
  #isOpen = true;
  #text = '';

  /** @param answer the lines that follow a command, without echo; none at all leaves it unanswered */
  constructor(answer: (command: string) => readonly string[]) {
    this.#answer = answer;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#isOpen) throw new Error('port is closed');
    const parts = (this.#text + Buffer.from(bytes).toString('latin1')).split('\r');
    this.#text = parts.pop() ?? '';
    for (const command of parts) {
      const lines = this.#answer(command.trim());
      if (lines.length > 0) queueMicrotask(() => this.#say(command, lines));
    }
  }

  onData(listener: (bytes: Buffer) => void): void {
    this.#onData = listener;
  }

  onClose(listener: (reason: Error | undefined) => void): void {
    this.#onClose = listener;
  }

  async close(): Promise<void> {
    this.#isOpen = false;
  }

  unplug(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onClose(new Error('disconnected'));
  }

  #say(command: string, lines: readonly string[]): void {
    if (this.#isOpen) this.#onData(Buffer.from(`${command}\r\r\n${lines.join('\r\n')}\r\n`, 'latin1'));
  }
}
