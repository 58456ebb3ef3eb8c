import { WOUNDBLOCK } from '../../protocol/codes.ts';
import type { EventKind, EventOf, TimelineEvent } from '../../timeline/events.ts';
import type { CallRecord, ConnectionRecord, SlotRecord } from '../narration.ts';
import type { Seen } from '../rule.ts';
import { appended } from './appended.ts';
import { CallLedger } from './call-ledger.ts';
import { ConnectionLedger, type OpenConnection } from './connection-ledger.ts';
import { InboundLedger } from './inbound-ledger.ts';
import type { Mutable } from './mutable.ts';
import { isOrdinaryAnswer, isOrdinaryMessage, isOrdinaryReturn } from './ordinary.ts';
import { OutboundLedger } from './outbound-ledger.ts';
import { SlotModel } from './slot-model.ts';

type Sight = Mutable<Seen>;

/**
 * Says of each event what earlier ones tell about it: its call, its connection, its client slot, its message.
 *
 * It reads whatever a module does, however wrong, and never fails; it keeps no more than a bounded number of records.
 */
export class Narrator {
  readonly #calls = new CallLedger();
  readonly #slots = new SlotModel();
  readonly #connections = new ConnectionLedger();
  readonly #outbound = new Map<number, OutboundLedger>();
  readonly #inbound = new Map<number, InboundLedger>();

  see(event: TimelineEvent): Seen {
    switch (event.k) {
      case 'request':
        return this.#requested(event);
      case 'call':
        return this.#began(event);
      case 'ret':
        return this.#returned(event);
      case 'enter':
        return this.#entered(event);
      case 'boot':
      case 'reset':
        this.#slots.reset();
        return sightOf(event);
      case 'listener':
        this.#connections.listener(event);
        return sightOf(event);
      case 'server':
        this.#connections.server(event);
        return sightOf(event);
      case 'tcp-open':
        return this.#onConnection(event, this.#connections.opened(event));
      case 'frame':
        return this.#framed(event);
      case 'fin':
        return this.#finished(event);
      case 'tcp-close':
        return this.#closed(event);
      case 'tls-secured':
        return this.#secured(event);
      case 'fault':
        if (event.act === 'fired') this.#connections.disturbed(event.conn);
        return this.#onConnection(event, this.#connections.find(event.conn ?? 0));
      default:
        return 'conn' in event && event.conn !== undefined
          ? this.#onConnection(event, this.#connections.find(event.conn))
          : sightOf(event);
    }
  }

  /** Whether a call is known: those of long ago are not, unless they are not over. */
  knows(token: number): boolean {
    return this.#calls.find(token) !== undefined;
  }

  /** What has happened to a call so far, as it was seen then, of these kinds; of a call long ago nothing. */
  eventsOf(token: number, kinds: readonly EventKind[]): readonly Seen[] {
    const call = this.#calls.find(token);
    if (call === undefined) return [];
    const seen: Seen[] = [];
    if (call.begin !== undefined && kinds.includes('call')) seen.push(sightOf(call.begin, call));
    if (call.returned !== undefined && kinds.includes('ret')) seen.push(sightOf(call.returned, call));
    if (kinds.includes('enter')) for (const event of call.callbacks) seen.push(sightOf(event, call));
    return isInOrder(seen) ? seen : seen.toSorted((a, b) => a.event.n - b.event.n);
  }

  #requested(event: EventOf<'request'>): Seen {
    // Without a data call no connection lives on.
    if (event.method === 'network.down') this.#connections.disturbed(undefined);
    const calls = this.#calls.request(event);
    for (const call of calls) {
      call.slot = this.#slots.effectiveSlot(call);
      if (call.fn === 'connect') this.#connections.requested(call);
      this.#outboundOf(call.slot)?.asked(call);
    }
    const seen = sightOf(event);
    seen.call = calls[0];
    seen.slot = this.#find(calls[0]?.slot);
    return seen;
  }

  #began(event: EventOf<'call'>): Seen {
    const call = this.#calls.begin(event);
    // A handle value names another client now than it may have when the call was asked for.
    call.slot = this.#slots.effectiveSlot(call);
    this.#slots.begin(call);
    const seen = sightOf(event);
    seen.call = call;
    seen.slot = this.#find(call.slot);
    seen.before = call.stateAtBegin;
    return seen;
  }

  #returned(event: EventOf<'ret'>): Seen {
    const seen = sightOf(event);
    const call = this.#calls.find(event.token);
    if (call !== undefined) {
      seen.call = call;
      seen.before = this.#find(call.slot)?.state;
      call.returned = event;
      this.#slots.returned(call, event);
      if (event.ret !== 0 && event.ret !== WOUNDBLOCK) this.#outboundOf(call.slot)?.refused(call);
      seen.isOrdinary = isOrdinaryReturn(call, event);
    }
    seen.slot = this.#find(call?.slot ?? event.slot);
    return seen;
  }

  #entered(event: EventOf<'enter'>): Seen {
    const seen = sightOf(event);
    const call = this.#callOf(event);
    const slot = call?.slot ?? event.slot;
    seen.call = call;
    seen.before = this.#find(slot)?.state;
    if (event.cb === 'inpub') seen.inbound = this.#inboundOf(slot)?.delivered(event);
    else seen.orphans = this.#slots.entered(event, call);
    seen.slot = this.#find(slot);
    if (call !== undefined && seen.slot !== undefined)
      seen.isOrdinary =
        event.cb === 'inpub'
          ? isOrdinaryMessage(call, event, seen.slot, seen.before)
          : isOrdinaryAnswer(call, event, seen.slot);
    return seen;
  }

  /** What a session began with is long ago in a long one: the slot knows it still. */
  #callOf(event: EventOf<'enter'>): CallRecord | undefined {
    if (event.cb === 'exception') return this.#find(event.slot)?.connect;
    const call = this.#calls.find(event.arg);
    if (event.cb !== 'inpub') {
      if (call !== undefined) call.callbacks = appended(call.callbacks, event);
      return call;
    }
    const inpub = this.#find(event.slot)?.inpub;
    return call ?? (inpub?.token === event.arg ? inpub : undefined);
  }

  #framed(event: EventOf<'frame'>): Seen {
    const connection = this.#connections.find(event.conn);
    if (connection === undefined) return sightOf(event);
    if (event.dir === 'up') {
      connection.lastUpBefore = connection.lastUp;
      connection.lastUp = event;
      if (event.packet.type === 'CONNECT') this.#connected(connection, event);
    } else if (event.packet.type === 'PUBLISH') connection.lastInbound = event;
    const seen = this.#onConnection(event, connection);
    if (event.held === true) return seen;
    if (event.dir === 'up') seen.call = this.#senderOf(event, connection);
    else this.#framedDown(seen, connection, event);
    return seen;
  }

  #connected(connection: OpenConnection, event: EventOf<'frame'>): void {
    this.#connections.connect(connection, event);
    const call = connection.connectCall;
    const known = call === undefined ? undefined : this.#calls.find(call.token);
    if (known !== undefined) known.wire ??= event;
    if (event.packet.type === 'CONNECT' && event.packet.cleanSession) this.#forgetSession(connection);
  }

  #senderOf(event: EventOf<'frame'>, connection: OpenConnection): CallRecord | undefined {
    if (event.packet.type === 'CONNECT') return connection.connectCall;
    if (event.packet.type === 'DISCONNECT') connection.disconnect ??= event;
    return this.#outboundOf(connection.slot)?.sent(event);
  }

  #framedDown(seen: Sight, connection: OpenConnection, event: EventOf<'frame'>): void {
    const { packet } = event;
    switch (packet.type) {
      case 'CONNACK':
        connection.connack ??= event;
        if (!packet.sessionPresent) this.#forgetSession(connection);
        seen.unfinished = this.#outboundOf(connection.slot)?.unfinished();
        seen.call = connection.connectCall;
        return;
      case 'PUBLISH':
        seen.inbound = this.#inboundOf(connection.slot)?.published(event);
        return;
      case 'PUBREL':
        this.#inboundOf(connection.slot)?.released(packet.packetId);
        return;
      default:
        seen.call = this.#outboundOf(connection.slot)?.acknowledged(event);
    }
  }

  #finished(event: EventOf<'fin'>): Seen {
    const connection = this.#connections.find(event.conn);
    if (connection !== undefined && event.dir === 'up') connection.fin ??= event;
    return this.#onConnection(event, connection);
  }

  #closed(event: EventOf<'tcp-close'>): Seen {
    const connection = this.#connections.find(event.conn);
    if (connection !== undefined) connection.closed ??= event;
    return this.#onConnection(event, connection);
  }

  #secured(event: EventOf<'tls-secured'>): Seen {
    const connection = this.#connections.find(event.conn);
    if (connection !== undefined) connection.tls = true;
    return this.#onConnection(event, connection);
  }

  #onConnection(event: TimelineEvent, connection: ConnectionRecord | undefined): Sight {
    const seen = sightOf(event);
    seen.connection = connection;
    seen.slot = this.#find(connection?.slot);
    return seen;
  }

  #find(slot: number | undefined): SlotRecord | undefined {
    return slot === undefined ? undefined : this.#slots.find(slot);
  }

  #forgetSession({ slot, conn }: ConnectionRecord): void {
    this.#outboundOf(slot)?.forgetSession(conn);
    this.#inboundOf(slot)?.forgetSession();
  }

  #outboundOf(slot: number | undefined): OutboundLedger | undefined {
    if (slot === undefined || slot < 0) return undefined;
    const known = this.#outbound.get(slot) ?? new OutboundLedger();
    this.#outbound.set(slot, known);
    return known;
  }

  #inboundOf(slot: number | undefined): InboundLedger | undefined {
    if (slot === undefined || slot < 0) return undefined;
    const known = this.#inbound.get(slot) ?? new InboundLedger(slot);
    this.#inbound.set(slot, known);
    return known;
  }
}

/** A callback may overtake the return of its call. */
function isInOrder(seen: readonly Seen[]): boolean {
  return seen.length < 2 || seen.every(({ event }, index) => event.n > (seen[index - 1]?.event.n ?? 0));
}

/** Always the same members in the same order: every rule reads them, and V8 finds them at once only in objects of one shape. */
function sightOf(event: TimelineEvent, call?: CallRecord): Sight {
  return {
    event,
    call,
    connection: undefined,
    slot: undefined,
    before: undefined,
    orphans: undefined,
    unfinished: undefined,
    isOrdinary: undefined,
    inbound: undefined,
  };
}
