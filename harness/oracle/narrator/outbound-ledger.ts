import type { EventOf } from '../../timeline/events.ts';
import { SmallMap } from '../small-map.ts';
import { appended } from './appended.ts';
import type { OpenCall } from './call-ledger.ts';
import { isAskedBy, type SentPacket } from './packet-of-call.ts';

const WAITING_KEPT = 1024;
const REFUSED_KEPT = 16;
const COMPLETED_KEPT = 64;
const ENDINGS_KEPT = 64;

/** Which call put which packet on the wire, and what the broker answered to it, on one client slot. */
export class OutboundLedger {
  /** Calls whose packet has not been seen, in the order of their requests. */
  #waiting: OpenCall[] = [];
  #endings: OpenCall[] = [];
  /** Calls that were refused: a packet that only one of them asks for is its. */
  #refused: OpenCall[] = [];
  readonly #inFlight = new SmallMap<number, OpenCall>();
  /** By the packet id that they had: a packet may be sent again before its acknowledgement has arrived. */
  readonly #completed = new SmallMap<number, OpenCall>();

  asked(call: OpenCall): void {
    if (call.fn === 'disconnect' || call.fn === 'deinit') this.#endings = [...this.#endings, call].slice(-ENDINGS_KEPT);
    if (call.fn !== 'publish' && call.fn !== 'sub_unsub') return;
    this.#waiting.push(call);
    if (this.#waiting.length > WAITING_KEPT) this.#waiting.shift();
  }

  /** A call was refused: what was taken for its packet was another call's, if there is one that fits. */
  refused(call: OpenCall): void {
    this.#waiting = this.#waiting.filter((other) => other !== call);
    this.#endings = this.#endings.filter((other) => other !== call);
    const { wire } = call;
    if (wire === undefined) this.#refused = [call, ...this.#refused].slice(0, REFUSED_KEPT);
    if (wire === undefined || !isSent(wire.packet)) return;
    const { packet } = wire;
    const heir = this.#waiting.find((other) => isAskedBy(packet, other));
    if (heir === undefined) return;
    call.wire = undefined;
    this.#take(heir, wire, packet);
  }

  /** A session begins on that connection that remembers nothing of the ones before. */
  forgetSession(conn: number): void {
    for (const [id, call] of this.#inFlight.entries()) if (call.wire?.conn !== conn) this.#inFlight.delete(id);
    this.#completed.clear();
    this.#waiting = this.#waiting.filter((call) => call.callbacks.length === 0);
  }

  /** The publishes that have been sent and not completed, in the order of their first packets. */
  unfinished(): readonly OpenCall[] {
    return [...this.#inFlight.values()]
      .filter(({ wire }) => wire?.packet.type === 'PUBLISH')
      .toSorted((a, b) => (a.wire?.n ?? 0) - (b.wire?.n ?? 0));
  }

  /** The call that sent a frame. Of a packet sent again it is the call that sent it first. */
  sent(event: EventOf<'frame'>): OpenCall | undefined {
    const { packet } = event;
    if (packet.type === 'DISCONNECT') return this.#ended(event);
    if (packet.type === 'PUBREL') return this.#inFlight.get(packet.packetId);
    if (!isSent(packet)) return undefined;
    return this.#findSender(packet) ?? this.#sentFirst(event, packet);
  }

  /** The call that an acknowledgement is for. One that comes again is for the same, and none of those that completed it. */
  acknowledged(event: EventOf<'frame'>): OpenCall | undefined {
    const { packet } = event;
    if (!('packetId' in packet) || packet.packetId === null) return undefined;
    const call = this.#inFlight.get(packet.packetId);
    if (call === undefined) return this.#acknowledgedBefore(packet.packetId, packet.type);
    call.acks = appended(call.acks, event);
    if (isLastAck(packet.type, call)) this.#complete(packet.packetId, call);
    return call;
  }

  #acknowledgedBefore(packetId: number, type: string): OpenCall | undefined {
    const call = this.#completed.get(packetId);
    return call !== undefined && isLastAck(type, call) ? call : undefined;
  }

  #complete(packetId: number, call: OpenCall): void {
    this.#inFlight.delete(packetId);
    this.#completed.delete(packetId);
    this.#completed.set(packetId, call);
    if (this.#completed.size > COMPLETED_KEPT) this.#completed.takeOldest();
  }

  #findSender(packet: SentPacket): OpenCall | undefined {
    if (packet.packetId === null) return undefined;
    const holder = this.#inFlight.get(packet.packetId);
    if (packet.type !== 'PUBLISH') return holder !== undefined && isAskedBy(packet, holder) ? holder : undefined;
    if (holder !== undefined && (packet.dup || isAskedBy(packet, holder))) return holder;
    if (!packet.dup) return undefined;
    const completed = this.#completed.get(packet.packetId);
    if (completed !== undefined && isAskedBy(packet, completed)) return completed;
    // A library that gives its resend a fresh id: the message tells whose it is.
    return [...this.#inFlight.values()].find((call) => isAskedBy(packet, call));
  }

  #sentFirst(event: EventOf<'frame'>, packet: SentPacket): OpenCall | undefined {
    const fitting = this.#waiting.filter((call) => isAskedBy(packet, call));
    const exact = fitting.find((call) => call.callbacks.length === 0) ?? fitting[0] ?? this.#findRefused(packet);
    // A packet that differs from every call is still somebody's: a rule says what is wrong in it.
    const isRepeat = packet.type === 'PUBLISH' && packet.dup;
    const call = exact ?? (isRepeat ? undefined : this.#oldestOfKind(packet));
    if (call !== undefined) this.#take(call, event, packet);
    return call;
  }

  #findRefused(packet: SentPacket): OpenCall | undefined {
    return this.#refused.find((call) => call.wire === undefined && isAskedBy(packet, call));
  }

  #oldestOfKind(packet: SentPacket): OpenCall | undefined {
    const fn = packet.type === 'PUBLISH' ? 'publish' : 'sub_unsub';
    return this.#waiting.find((call) => call.fn === fn && call.callbacks.length === 0);
  }

  #take(call: OpenCall, event: EventOf<'frame'>, packet: SentPacket): void {
    call.wire = event;
    this.#waiting = this.#waiting.filter((other) => other !== call);
    if (packet.packetId !== null) this.#inFlight.set(packet.packetId, call);
  }

  #ended(event: EventOf<'frame'>): OpenCall | undefined {
    const call = this.#endings.shift();
    if (call !== undefined) call.wire = event;
    return call;
  }
}

function isSent(packet: EventOf<'frame'>['packet']): packet is SentPacket {
  return packet.type === 'PUBLISH' || packet.type === 'SUBSCRIBE' || packet.type === 'UNSUBSCRIBE';
}

function isLastAck(type: string, call: OpenCall): boolean {
  if (call.fn === 'sub_unsub') return type === 'SUBACK' || type === 'UNSUBACK';
  const qos = call.wire?.packet.type === 'PUBLISH' ? call.wire.packet.qos : call.params['qos'];
  return qos === 2 ? type === 'PUBCOMP' : type === 'PUBACK';
}
