import { HarnessError } from '../../errors.ts';
import type { BytePort } from '../byte-port.ts';

/** `final` is the line that ended the answer; undefined when the port went away first. */
export interface AtAnswer {
  readonly lines: readonly string[];
  readonly final: string | undefined;
}

const FINAL = /^(?:OK|ERROR|\+CM[ES] ERROR:.*)$/u;
const MAX_LINE_BYTES = 4096;

/** AT commands, one at a time, tolerant of echo and of URCs in between. */
export class AtSession {
  readonly #port: BytePort;
  readonly #path: string;
  #text = '';
  #lines: string[] = [];
  #wake: () => void = () => undefined;
  #lost = false;

  constructor(port: BytePort, path: string) {
    this.#port = port;
    this.#path = path;
    port.onData((bytes) => this.#receive(bytes));
    port.onClose(() => {
      this.#lost = true;
      this.#wake();
    });
  }

  /** @throws HarnessError FLASH_AT_SILENT — no final line within `timeoutMs` */
  async ask(command: string, timeoutMs: number): Promise<AtAnswer> {
    this.#lines = [];
    this.#text = '';
    const deadline = { isOver: false };
    const timer = setTimeout(() => {
      deadline.isOver = true;
      this.#wake();
    }, timeoutMs);
    try {
      this.#port.write(Buffer.from(`${command}\r`, 'latin1')).catch(() => this.#lose());
      return await this.#answerTo(command, timeoutMs, deadline);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await this.#port.close();
  }

  async #answerTo(command: string, timeoutMs: number, deadline: { readonly isOver: boolean }): Promise<AtAnswer> {
    for (;;) {
      const end = this.#lines.findIndex((line) => FINAL.test(line));
      if (end >= 0) return { lines: withoutEcho(this.#lines.slice(0, end), command), final: this.#lines[end] };
      if (this.#lost) return { lines: withoutEcho(this.#lines, command), final: undefined };
      if (deadline.isOver) {
        const message = `${this.#path} did not answer ${command} within ${timeoutMs} ms`;
        throw new HarnessError('FLASH_AT_SILENT', message, { port: this.#path, command });
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #receive(bytes: Buffer): void {
    const parts = (this.#text + bytes.toString('latin1')).split(/[\r\n]+/u);
    this.#text = (parts.pop() ?? '').slice(-MAX_LINE_BYTES);
    this.#lines.push(...parts.map(withoutNoise).filter((part) => part !== ''));
    this.#wake();
  }

  #lose(): void {
    this.#lost = true;
    this.#wake();
  }
}

/** Answers are ASCII; a port that has just been opened may put other bytes before them. */
function withoutNoise(line: string): string {
  return line.replaceAll(/[^ -~]/gu, '').trim();
}

function withoutEcho(lines: readonly string[], command: string): readonly string[] {
  return lines.filter((line) => line !== command);
}
