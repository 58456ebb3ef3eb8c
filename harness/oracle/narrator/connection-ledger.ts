import type { EventOf } from '../../timeline/events.ts';
import { isRecord } from '../../timeline/member-type.ts';
import { findArgumentText } from '../argument.ts';
import type { ConnectionRecord } from '../narration.ts';
import type { OpenCall } from './call-ledger.ts';
import { findPort } from './host-url.ts';
import type { Mutable } from './mutable.ts';

export type OpenConnection = Mutable<ConnectionRecord> & { possible: readonly OpenCall[] };

const CLOSED_KEPT = 1000;
/** More connect calls than this are never under way at once. */
const CALLS_LOOKED_THROUGH = 256;

/**
 * The connections, and whose they are: the connect call whose host names the port, in order; where several do, the one whose
 * client id the CONNECT carries.
 */
export class ConnectionLedger {
  readonly #connections = new Map<number, OpenConnection>();
  /** Whether a listener's port speaks TLS. */
  readonly #ports = new Map<number, boolean>();
  /** What certificate is shown on a listener's port. */
  readonly #servers = new Map<number, EventOf<'server'>>();
  #connectCalls: OpenCall[] = [];

  find(conn: number): OpenConnection | undefined {
    return this.#connections.get(conn);
  }

  listener(event: EventOf<'listener'>): void {
    this.#ports.set(event.port, event.tls);
  }

  server(event: EventOf<'server'>): void {
    this.#servers.set(event.port, event);
  }

  requested(call: OpenCall): void {
    this.#connectCalls.push(call);
    if (this.#connectCalls.length > CALLS_LOOKED_THROUGH)
      this.#connectCalls = this.#connectCalls.filter(mayStillConnect);
    if (this.#connectCalls.length > CALLS_LOOKED_THROUGH) this.#connectCalls.shift();
  }

  opened(event: EventOf<'tcp-open'>): OpenConnection {
    this.#connectCalls = this.#connectCalls.filter(mayStillConnect);
    const possible = this.#candidatesFor(event.port);
    const connection: OpenConnection = {
      conn: event.conn,
      listener: event.listener,
      port: event.port,
      tls: this.#ports.get(event.port) ?? false,
      opened: event,
      server: this.#servers.get(event.port),
      candidates: possible.length,
      possible,
      connectCall: undefined,
      slot: undefined,
      connect: undefined,
      connack: undefined,
      lastUp: undefined,
      lastUpBefore: undefined,
      lastInbound: undefined,
      disconnect: undefined,
      fin: undefined,
      closed: undefined,
      isDisturbed: false,
    };
    this.#connections.set(event.conn, connection);
    this.#forgetOldest();
    const [only, ...others] = possible;
    if (only !== undefined && others.length === 0) attribute(connection, only);
    return connection;
  }

  /** A CONNECT came up: it tells whose connection it is, if the port did not. */
  connect(connection: OpenConnection, event: EventOf<'frame'>): void {
    connection.connect ??= event;
    if (connection.connectCall === undefined && event.packet.type === 'CONNECT') {
      const { clientId } = event.packet;
      const free = connection.possible.filter((call) => call.connection === undefined);
      const call = free.find((candidate) => clientIdOf(candidate) === clientId) ?? free[0];
      if (call !== undefined) attribute(connection, call);
    }
    connection.possible = [];
  }

  /** A fault acted: on that connection, or on all that are open if it does not say. */
  disturbed(conn: number | undefined): void {
    for (const connection of this.#connections.values()) {
      if (conn === undefined ? connection.closed === undefined : connection.conn === conn)
        connection.isDisturbed = true;
    }
  }

  #candidatesFor(port: number): readonly OpenCall[] {
    const byPort = this.#connectCalls.filter((call) => portOf(call) === port);
    // Behind a relay or a port mapping the module dials another port than the listener has.
    const reachable = byPort.length > 0 ? byPort : this.#connectCalls.filter((call) => !this.#isListener(portOf(call)));
    const unanswered = reachable.filter((call) => call.connection === undefined);
    if (unanswered.length > 0) return unanswered;
    // A library may dial again within one call.
    return reachable.filter((call) => call.connection?.closed !== undefined);
  }

  #isListener(port: number | undefined): boolean {
    return port !== undefined && this.#ports.has(port);
  }

  #forgetOldest(): void {
    if (this.#connections.size <= CLOSED_KEPT) return;
    for (const [conn, connection] of this.#connections) {
      if (connection.closed === undefined) continue;
      this.#connections.delete(conn);
      return;
    }
  }
}

function attribute(connection: OpenConnection, call: OpenCall): void {
  connection.connectCall = call;
  connection.slot = call.slot;
  call.connection = connection;
}

/** A call that was refused or answered opens no connection any more. */
function mayStillConnect(call: OpenCall): boolean {
  const refused = call.returned !== undefined && call.returned.ret !== 0 && call.returned.ret !== -2;
  return !refused && call.callbacks.length === 0;
}

function portOf(call: OpenCall): number | undefined {
  const host = findArgumentText(call.params['host']);
  return host === undefined ? undefined : findPort(host);
}

function clientIdOf(call: OpenCall): string | undefined {
  const info = call.params['info'];
  return isRecord(info) ? findArgumentText(info['clientId']) : undefined;
}
