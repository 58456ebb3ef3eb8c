import type { LintFinding } from '../events.ts';
import type { Decoded } from '../frame/decode.ts';
import { lintFrame } from './lint-frame.ts';
import type { SessionLedger } from './session-ledger.ts';
import type { Sessions } from './sessions.ts';

const CONNECT = 1;

/** The linter of one connection: each frame alone, its place on the connection, and its place in the session. */
export class ConnectionLint {
  readonly #conn: number;
  readonly #sessions: Sessions;
  #ledger: SessionLedger | undefined;
  #frames = 0;
  #connects = 0;
  #isDisconnected = false;

  constructor(conn: number, sessions: Sessions) {
    this.#conn = conn;
    this.#sessions = sessions;
  }

  /** What a frame from the module breaks. */
  fromModule(frame: Decoded): LintFinding[] {
    const findings = lintFrame(frame, 'up');
    this.#addPlaceFindings(findings, frame);
    const { packet } = frame;
    if (packet.type === 'CONNECT' && this.#connects === 1)
      this.#ledger = this.#sessions.open(packet.clientId, this.#conn, packet.cleanSession);
    const inSession = this.#ledger?.fromModule(packet, this.#conn) ?? [];
    if (inSession.length > 0) findings.push(...inSession);
    if (packet.type === 'DISCONNECT') this.#isDisconnected = true;
    return findings;
  }

  /** What a server must not send, of a frame that is being written to the module. */
  toModule(frame: Decoded): LintFinding[] {
    const { packet } = frame;
    if (packet.type === 'CONNACK' && packet.returnCode === 0 && !packet.sessionPresent)
      this.#ledger?.lostBefore(this.#conn);
    this.#ledger?.toModule(packet);
    return lintFrame(frame, 'down');
  }

  #addPlaceFindings(findings: LintFinding[], { typeNibble, packet }: Decoded): void {
    this.#frames += 1;
    if (typeNibble === CONNECT) this.#connects += 1;
    if (this.#frames === 1 && typeNibble !== CONNECT)
      findings.push({ clause: 'MQTT-3.1.0-1', says: `the first packet is ${packet.type}` });
    if (typeNibble === CONNECT && this.#connects > 1)
      findings.push({ clause: 'MQTT-3.1.0-2', says: `CONNECT number ${this.#connects} on one connection` });
    if (this.#isDisconnected) findings.push({ clause: 'MQTT-3.14.4-2', says: `${packet.type} after DISCONNECT` });
  }
}
