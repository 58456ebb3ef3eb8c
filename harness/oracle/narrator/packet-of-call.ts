import type { Packet } from '../../../broker/events.ts';
import { type Summary, sameBytes, summarisePayload, summariseString } from '../argument.ts';
import type { AskedPacket, CallRecord } from '../narration.ts';

export type SentPacket = Extract<Packet, { readonly type: 'PUBLISH' | 'SUBSCRIBE' | 'UNSUBSCRIBE' }>;

/** The packet that the arguments of a call ask for; undefined if the function asks for none that is acknowledged or brings a message. */
export function findAskedPacket(fn: string, params: CallRecord['params']): AskedPacket | undefined {
  if (fn !== 'publish' && fn !== 'sub_unsub') return undefined;
  const topic = summariseString(params['topic']);
  if (fn === 'publish') {
    const payload = summarisePayload(params['payload'], params['length']);
    return { type: 'PUBLISH', topic, payload, qos: params['qos'] ?? 0, retain: params['retain'] };
  }
  const type = isSet(params['sub']) ? 'SUBSCRIBE' : 'UNSUBSCRIBE';
  return { type, topic, payload: undefined, qos: params['qos'] ?? 0, retain: 0 };
}

/** Whether a packet is what the call asked for, to the byte. */
export function isAskedBy(packet: SentPacket, call: CallRecord): boolean {
  const wanted = call.asked;
  if (packet.type !== wanted?.type) return false;
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

function fits(sent: Summary, wanted: Summary | null | undefined): boolean {
  return wanted === undefined || (wanted !== null && sameBytes(sent, wanted));
}
