import type { Packet } from '../../../broker/events.ts';
import { type Summary, sameBytes, summarisePayload, summariseString } from '../argument.ts';
import type { CallRecord } from '../narration.ts';

export type SentPacket = Extract<Packet, { readonly type: 'PUBLISH' | 'SUBSCRIBE' | 'UNSUBSCRIBE' }>;

/** The packet that a publish or sub_unsub call asks for. Undefined members can't be told from the call. */
export interface AskedPacket {
  readonly type: SentPacket['type'];
  readonly topic: Summary | null | undefined;
  readonly payload: Summary | null | undefined;
  readonly qos: unknown;
  readonly retain: unknown;
}

const asked = new WeakMap<CallRecord, AskedPacket>();

/** What a call's arguments make of its packet; computed once, since an argument may be 64 KiB long. */
export function packetAskedBy(call: CallRecord): AskedPacket {
  const known = asked.get(call);
  if (known !== undefined) return known;
  const packet = compute(call);
  asked.set(call, packet);
  return packet;
}

/** Whether a packet is what the call asked for, to the byte. */
export function isAskedBy(packet: SentPacket, call: CallRecord): boolean {
  const wanted = packetAskedBy(call);
  if (packet.type !== wanted.type) return false;
  if (packet.type === 'PUBLISH') {
    const sameFlags = packet.qos === wanted.qos && packet.retain === isSet(wanted.retain);
    return sameFlags && fits(packet.topic, wanted.topic) && fits(packet.payload, wanted.payload);
  }
  if (packet.type === 'UNSUBSCRIBE') return packet.filters.some((filter) => fits(filter, wanted.topic));
  return packet.filters.some(({ filter, qos }) => qos === wanted.qos && fits(filter, wanted.topic));
}

/** `retain` and `sub` are unsigned char: 0 is no, 1 is yes, and of the rest nobody speaks. */
export function isSet(flag: unknown): boolean {
  return flag !== 0 && flag !== false && flag !== undefined;
}

function compute(call: CallRecord): AskedPacket {
  const { params } = call;
  const topic = summariseString(params['topic']);
  if (call.fn === 'publish') {
    const payload = summarisePayload(params['payload'], params['length']);
    return { type: 'PUBLISH', topic, payload, qos: params['qos'] ?? 0, retain: params['retain'] };
  }
  const type = isSet(params['sub']) ? 'SUBSCRIBE' : 'UNSUBSCRIBE';
  return { type, topic, payload: undefined, qos: params['qos'] ?? 0, retain: 0 };
}

function fits(sent: Summary, wanted: Summary | null | undefined): boolean {
  return wanted === undefined || (wanted !== null && sameBytes(sent, wanted));
}
