import { HarnessError } from '../../errors.ts';
import type { BytePort } from '../byte-port.ts';
import type { FlashPoint, FlashStage } from '../flash-failure.ts';
import { TransferTrace } from './transfer-trace.ts';

export interface Ask<T> {
  /** Left out where only an ear is wanted. */
  readonly bytes?: Uint8Array;
  readonly timeoutMs: number;
  /** Looks at what comes; anything but undefined ends the wait, a throw fails it. */
  readonly read: (chunk: Buffer) => T | undefined;
}

interface Pending {
  receive(chunk: Buffer): void;
  lose(cause: unknown): void;
}

/**
 * One request at a time over a port that is opened once. The protocols have no sequence numbers, so an answer belongs to
 * the one request that is outstanding, and nothing is ever sent twice from here.
 */
export class Exchange {
  /** Where we are, for errors. */
  stage: FlashStage = 'rom';
  fileId: string | undefined;
  offsetBytes: number | undefined;
  /** Gets what arrives while nothing is asked. */
  onStray: (chunk: Buffer) => void = () => undefined;

  readonly #port: BytePort;
  readonly #trace = new TransferTrace();
  #pending: Pending | undefined;
  #lost: { readonly cause: unknown } | undefined;

  constructor(port: BytePort) {
    this.#port = port;
    port.onData((chunk) => this.#receive(chunk));
    port.onClose((reason) => this.#lose(reason));
  }

  /**
   * Writes once and waits for an answer; undefined when none came in time.
   * @throws HarnessError FLASH_PORT_VANISHED
   */
  async ask<T>(operation: string, { bytes, timeoutMs, read }: Ask<T>): Promise<T | undefined> {
    if (this.#pending !== undefined)
      throw new HarnessError('HARNESS_BUG', `${operation} asked while another answer is outstanding`, {
        where: 'flash exchange',
      });
    if (this.#lost !== undefined) throw this.#vanished(operation, this.#lost.cause);
    return await new Promise<T | undefined>((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.#pending = undefined;
        settle();
      };
      const timer = setTimeout(() => finish(() => resolve(undefined)), timeoutMs);
      // Registered before the write: a device in memory answers before `write` resolves.
      this.#pending = {
        receive: (chunk) => attempt(() => read(chunk), finish, resolve, reject),
        lose: (cause) => finish(() => reject(this.#vanished(operation, cause))),
      };
      if (bytes !== undefined) this.#write(bytes);
    });
  }

  /** Throws away what arrives until nothing came for `silenceMs`; gives up waiting for silence after twenty times that. */
  async drain(silenceMs: number): Promise<void> {
    for (let round = 0; round < 20; round++) {
      const heard = await this.ask('drain', { timeoutMs: silenceMs, read: () => true });
      if (heard === undefined) return;
    }
  }

  /** Resolves when the port goes away, or after `timeoutMs`. */
  async waitForLoss(timeoutMs: number): Promise<boolean> {
    if (this.#lost !== undefined) return true;
    try {
      await this.ask('wait for the port to go', { timeoutMs, read: () => undefined });
      return false;
    } catch {
      // The loss is what was waited for; it comes as a rejection.
      return true;
    }
  }

  point(operation: string): FlashPoint {
    return {
      stage: this.stage,
      operation,
      ...(this.fileId === undefined ? {} : { fileId: this.fileId }),
      ...(this.offsetBytes === undefined ? {} : { offsetBytes: this.offsetBytes }),
      trace: this.#trace.lines(),
    };
  }

  async close(): Promise<void> {
    await this.#port.close();
  }

  #receive(chunk: Buffer): void {
    this.#trace.add('<', chunk);
    if (this.#pending === undefined) this.onStray(chunk);
    else this.#pending.receive(chunk);
  }

  #write(bytes: Uint8Array): void {
    this.#trace.add('>', bytes);
    this.#port.write(bytes).catch((cause: unknown) => this.#pending?.lose(cause));
  }

  #lose(cause: unknown): void {
    this.#lost ??= { cause };
    this.#pending?.lose(cause);
  }

  #vanished(operation: string, cause: unknown): HarnessError {
    return new HarnessError(
      'FLASH_PORT_VANISHED',
      `the download port went away during ${operation}`,
      this.point(operation),
      { cause },
    );
  }
}

function attempt<T>(
  read: () => T | undefined,
  finish: (settle: () => void) => void,
  resolve: (answer: T) => void,
  reject: (error: unknown) => void,
): void {
  try {
    const answer = read();
    if (answer !== undefined) finish(() => resolve(answer));
  } catch (error) {
    finish(() => reject(error));
  }
}
