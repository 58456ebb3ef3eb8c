import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { asError, HarnessError, isFailure } from '../errors.ts';
import type { HelloResult } from '../protocol/hello-result.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { Rpc } from '../rpc/rpc.ts';
import type { LineReceiver, LineTransport, TransportFactory } from '../transport/line-transport.ts';
import type { SessionTiming } from './session-timing.ts';

/** A hello that was answered, and when, on the host's clock. */
export interface Established {
  readonly hello: HelloResult;
  readonly port: string;
  readonly askedMs: number;
  readonly answeredMs: number;
}

/** What is resumed; session null asks for a fresh one. */
export interface Resumption {
  readonly session: number | null;
  readonly acked: number;
}

export interface LinkOptions {
  readonly factory: TransportFactory;
  readonly rpc: Rpc;
  readonly clock: Clock;
  readonly timing: SessionTiming;
  readonly receiver: Pick<LineReceiver, 'line' | 'noise'>;
  /** The port went away, also in the middle of `establish`. */
  readonly onLost: (why: string) => void;
  /** 16 hex digits, fresh for each hello. */
  readonly makeNonce?: () => string;
}

const HELLO_GROWTH = 8;

/** The port and its openings: from a factory to an answered hello, as often as needed. */
export class Link {
  readonly #options: LinkOptions;
  #transport: LineTransport | undefined;
  #isClosed = false;
  /** A port that could be opened once may come back; one that never could is not there. */
  #hasOpened = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  write(line: string): void {
    this.#transport?.send(line);
  }

  /**
   * Opens the port unless it is open, and says hello until it is answered.
   *
   * @throws HarnessError PORT_LOST — the port can't be opened: at once if it never could, else when the budget is over
   * @throws HarnessError RPC_TIMEOUT — the port is open, and nobody speaks the protocol on it
   * @throws HarnessError PROTOCOL — the module speaks another major version
   */
  async establish(resumption: () => Resumption, budgetMs: number, isFirst: boolean): Promise<Established> {
    const { clock, timing } = this.#options;
    const deadlineMs = clock.nowMs() + budgetMs;
    let patienceMs = timing.helloMs;
    this.#hasOpened ||= !isFirst;
    for (;;) {
      try {
        return await this.#attempt(resumption(), Math.min(patienceMs, deadlineMs - clock.nowMs()));
      } catch (thrown) {
        const error = asError(thrown);
        const isPortLost = isFailure(error, 'PORT_LOST');
        const mayPass = isFailure(error, 'RPC_TIMEOUT') || (isPortLost && this.#hasOpened);
        if (this.#isClosed || !mayPass) throw error;
        if (clock.nowMs() >= deadlineMs) throw isPortLost ? error : this.#silence(budgetMs, error);
        if (isPortLost) await pause(timing.reopenPauseMs);
        // An answer that is late is dropped for its nonce: with the same patience again, a slow module would never be heard.
        else patienceMs = Math.min(patienceMs * 2, timing.helloMs * HELLO_GROWTH);
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const transport = this.#transport;
    this.#transport = undefined;
    await transport?.close();
  }

  async #attempt(resumption: Resumption, patienceMs: number): Promise<Established> {
    const { rpc, clock, makeNonce } = this.#options;
    const transport = await this.#open();
    const askedMs = clock.nowMs();
    const budgetMs = Math.max(1, Math.ceil(patienceMs));
    const nonce = makeNonce?.() ?? randomBytes(8).toString('hex');
    const hello = await rpc.hello({ nonce, protocol: PROTOCOL_VERSION, ...resumption }, budgetMs).catch(explainVersion);
    checkVersion(hello.protocol);
    return { hello, port: transport.name, askedMs, answeredMs: clock.nowMs() };
  }

  async #open(): Promise<LineTransport> {
    if (this.#transport !== undefined) return this.#transport;
    const { factory, receiver } = this.#options;
    const transport = await factory();
    await transport.open({
      line: (bytes) => receiver.line(bytes),
      noise: (bytes, length, why) => receiver.noise(bytes, length, why),
      closed: (why) => this.#lost(transport, why),
    });
    if (this.#isClosed) {
      await transport.close();
      throw new HarnessError('PORT_LOST', 'the session was closed', { port: transport.name });
    }
    this.#transport = transport;
    this.#hasOpened = true;
    // Ends whatever half line the other side holds.
    transport.send('\n');
    return transport;
  }

  #lost(transport: LineTransport, why: string): void {
    if (this.#transport !== transport) return;
    this.#transport = undefined;
    // Nothing of this opening may live on; a port that is gone has nothing to say to being closed.
    void transport.close();
    this.#options.rpc.failHello(
      new HarnessError('PORT_LOST', `${transport.name} closed: ${why}`, { port: transport.name }),
    );
    this.#options.onLost(why);
  }

  #silence(budgetMs: number, cause: Error): HarnessError {
    const name = this.#transport?.name ?? 'the port';
    const message = `nothing on ${name} answered hello within ${budgetMs} ms: is it the shim's port, and does the module run it?`;
    return new HarnessError('RPC_TIMEOUT', message, { method: 'hello', timeoutMs: budgetMs }, { cause });
  }
}

function checkVersion(version: string): void {
  if (version.split('.')[0] === PROTOCOL_VERSION.split('.')[0]) return;
  throw versionError(version);
}

function explainVersion(error: unknown): never {
  if (isFailure(error, 'RPC_REFUSED') && error.data.name === 'PROTOCOL_VERSION')
    throw versionError(error.message, error);
  throw error;
}

function versionError(saw: string, cause?: unknown): HarnessError<'PROTOCOL'> {
  const message = `the shim speaks another protocol (${saw}) than this host (${PROTOCOL_VERSION}): build both from one release`;
  return new HarnessError('PROTOCOL', message, { saw }, { cause });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
