import { SessionLedger } from './session-ledger.ts';

/** Enough for any bench; a stranger who opens sessions without end must not fill the memory. */
const MOST_SESSIONS = 256;

/** The ledgers of the sessions that a broker knows, by client id: they outlive connections. */
export class Sessions {
  readonly #ledgers = new Map<string, SessionLedger>();

  /** The ledger for a CONNECT. An empty client id is a session of its own each time. */
  open(clientId: string, conn: number, clean: boolean): SessionLedger {
    const ledger = this.#ledgers.get(clientId) ?? new SessionLedger();
    ledger.begin(conn, clean);
    if (clientId !== '') this.#keep(clientId, ledger);
    return ledger;
  }

  #keep(clientId: string, ledger: SessionLedger): void {
    this.#ledgers.delete(clientId);
    this.#ledgers.set(clientId, ledger);
    const [oldest] = this.#ledgers.keys();
    if (this.#ledgers.size > MOST_SESSIONS && oldest !== undefined) this.#ledgers.delete(oldest);
  }
}
