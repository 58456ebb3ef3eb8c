import { BrokerError } from '../broker-error.ts';
import type { Connection } from '../connection.ts';
import type { BrokerEvent } from '../events.ts';

/**
 * When it acts: on the accepted connection, or once a TLS listener has the ClientHello and before it answers.
 */
export type ConnectionStage = 'accept' | 'client-hello';

export type ConnectionAct =
  | 'fin'
  | 'rst'
  /** Everything is read and nothing answered. */
  | 'silence'
  /** Nothing is read: the module's window fills. */
  | 'stop-reading'
  /** Exact bytes, below TLS; then the connection stays, or ends. */
  | { readonly send: Buffer; readonly afterwards: 'stay' | 'fin' | 'rst' };

export interface ConnectionFaultOptions {
  readonly name?: string;
  /** So many connections; 1 when absent. */
  readonly times?: number;
}

/** A fault below MQTT, armed on a listener for the next claimed connections. */
export class ConnectionFault implements Disposable {
  readonly name: string;
  readonly stage: ConnectionStage;
  /** The first connection that it took. @throws BrokerError CLOSED — when it is closed before. */
  readonly fired: Promise<Connection>;
  readonly #act: ConnectionAct;
  readonly #times: number;
  readonly #report: (event: BrokerEvent) => void;
  readonly #clock: () => number;
  #count = 0;
  #isClosed = false;
  #resolveFired: (connection: Connection) => void = () => undefined;
  #rejectFired: (error: Error) => void = () => undefined;

  constructor(
    stage: ConnectionStage,
    act: ConnectionAct,
    { name, times = 1 }: ConnectionFaultOptions,
    context: { readonly report: (event: BrokerEvent) => void; readonly clock: () => number },
  ) {
    this.name = name ?? `${typeof act === 'string' ? act : `send ${act.send.length} bytes`} at ${stage}`;
    this.stage = stage;
    this.#act = act;
    this.#times = times;
    this.#report = context.report;
    this.#clock = context.clock;
    this.fired = new Promise((resolve, reject) => {
      this.#resolveFired = resolve;
      this.#rejectFired = reject;
    });
    // Nobody has to look at it.
    this.fired.catch(() => undefined);
    this.#say('armed');
  }

  get count(): number {
    return this.#count;
  }

  /** Takes the connection over, or leaves it alone. */
  tries(stage: ConnectionStage, connection: Connection): boolean {
    const isOpen = !this.#isClosed && this.#count < this.#times;
    if (!isOpen || stage !== this.stage || connection.claimedBy === undefined) return false;
    this.#count += 1;
    this.#say('fired', connection.conn);
    perform(this.#act, connection);
    this.#resolveFired(connection);
    return true;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#rejectFired(
      new BrokerError('CLOSED', `fault "${this.name}" was closed and had not fired`, { what: this.name }),
    );
    this.#say('disarmed');
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #say(act: 'armed' | 'fired' | 'disarmed', conn?: number): void {
    this.#report({ k: 'fault', at: this.#clock(), fault: this.name, act, ...(conn !== undefined && { conn }) });
  }
}

function perform(act: ConnectionAct, connection: Connection): void {
  connection.abandon({ isRead: act !== 'stop-reading' });
  if (act === 'fin' || act === 'rst') connection.end(act);
  if (typeof act === 'string') return;
  connection.inject(act.send);
  if (act.afterwards !== 'stay') connection.end(act.afterwards);
}
