import type { EventOf } from '../../timeline/events.ts';
import { sameBytes } from '../argument.ts';
import type { InboundRecord } from '../narration.ts';
import { appended } from './appended.ts';

export type OpenInbound = Omit<InboundRecord, 'deliveries'> & { deliveries: EventOf<'enter'>[] };
type Inpub = Extract<EventOf<'enter'>, { readonly cb: 'inpub' }>;

const AWAITED_KEPT = 10_000;
const DELIVERED_KEPT = 64;
const NOTHING = { length: 0, crc32: 0 };

/** What the broker published to one client slot, and which incoming callback brought it to the application. */
export class InboundLedger {
  readonly #slot: number;
  /** Sent, not repeats, not delivered; oldest first. */
  #awaited: OpenInbound[] = [];
  /** Delivered before, or repeats that must not be: newest first. */
  #others: OpenInbound[] = [];
  /** QoS 2 ids between their first PUBLISH and their PUBREL. */
  readonly #halfWay = new Set<number>();

  constructor(slot: number) {
    this.#slot = slot;
  }

  forgetSession(): void {
    this.#halfWay.clear();
  }

  published(event: EventOf<'frame'>): OpenInbound | undefined {
    const { packet } = event;
    if (packet.type !== 'PUBLISH') return undefined;
    const isRepeat = packet.qos === 2 && packet.packetId !== null && this.#halfWay.has(packet.packetId);
    if (packet.qos === 2 && packet.packetId !== null) this.#halfWay.add(packet.packetId);
    const record: OpenInbound = { frame: event, conn: event.conn, slot: this.#slot, isRepeat, deliveries: [] };
    if (isRepeat) this.#keepOther(record);
    else this.#await(record);
    return record;
  }

  released(packetId: number): void {
    this.#halfWay.delete(packetId);
  }

  /** The message that an incoming callback brings: the one that equals it, else the one that it most likely garbles. */
  delivered(event: Inpub): OpenInbound | undefined {
    const awaited = this.#awaited;
    const record =
      awaited.find((one) => equals(one, event)) ??
      this.#others.find((one) => equals(one, event)) ??
      awaited.find((one) => idOf(one) !== null && idOf(one) === event.pktId) ??
      awaited.find((one) => sameTopic(one, event)) ??
      awaited[0];
    if (record === undefined) return undefined;
    if (record.deliveries.length === 0 && !record.isRepeat) {
      this.#awaited = awaited.filter((one) => one !== record);
      this.#keepOther(record);
    }
    record.deliveries = appended(record.deliveries, event);
    return record;
  }

  #await(record: OpenInbound): void {
    this.#awaited.push(record);
    if (this.#awaited.length > AWAITED_KEPT) this.#awaited.shift();
  }

  #keepOther(record: OpenInbound): void {
    this.#others.unshift(record);
    if (this.#others.length > DELIVERED_KEPT) this.#others.pop();
  }
}

function equals(record: InboundRecord, event: Inpub): boolean {
  const { packet } = record.frame;
  if (packet.type !== 'PUBLISH' || !sameTopic(record, event)) return false;
  if (packet.packetId !== null && packet.packetId !== event.pktId) return false;
  return sameBytes(packet.payload, event.payload ?? NOTHING);
}

function sameTopic({ frame: { packet } }: InboundRecord, event: Inpub): boolean {
  return packet.type === 'PUBLISH' && event.topic !== null && sameBytes(packet.topic, event.topic);
}

function idOf({ frame: { packet } }: InboundRecord): number | null {
  return packet.type === 'PUBLISH' ? packet.packetId : null;
}
