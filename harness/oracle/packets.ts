import type { ByteSummary, Packet, TextSummary } from '../../broker/events.ts';
import { crc32 } from '../protocol/crc32.ts';

/** Packets for traces in tests, with the fields that a test leaves out filled in. */
type Of<T extends Packet['type']> = Extract<Packet, { readonly type: T }>;

export interface PublishFields {
  readonly topic?: string;
  readonly payload?: string;
  readonly qos?: number;
  readonly packetId?: number | null;
  readonly dup?: boolean;
  readonly retain?: boolean;
}

export function connectPacket(fields: Partial<Of<'CONNECT'>> = {}): Packet {
  return {
    type: 'CONNECT',
    protocolName: 'MQTT',
    protocolLevel: 4,
    cleanSession: true,
    keepAliveS: 60,
    clientId: 'bench',
    userName: null,
    password: null,
    will: null,
    ...fields,
  };
}

export function connackPacket(returnCode = 0, sessionPresent = false): Packet {
  return { type: 'CONNACK', sessionPresent, returnCode };
}

export function publishPacket({
  topic = 'a/b',
  payload = 'hello',
  qos = 1,
  packetId = qos === 0 ? null : 1,
  dup = false,
  retain = false,
}: PublishFields = {}): Packet {
  return { type: 'PUBLISH', dup, qos, retain, topic: textSummary(topic), packetId, payload: byteSummary(payload) };
}

export function ackPacket(type: 'PUBACK' | 'PUBREC' | 'PUBREL' | 'PUBCOMP' | 'UNSUBACK', packetId: number): Packet {
  return { type, packetId };
}

export function subscribePacket(packetId: number, filter = 'a/b', qos = 1): Packet {
  return { type: 'SUBSCRIBE', packetId, filters: [{ filter: textSummary(filter), qos }] };
}

export function subackPacket(packetId: number, codes: readonly number[] = [1]): Packet {
  return { type: 'SUBACK', packetId, codes };
}

export function unsubscribePacket(packetId: number, filter = 'a/b'): Packet {
  return { type: 'UNSUBSCRIBE', packetId, filters: [textSummary(filter)] };
}

export function barePacket(type: 'PINGREQ' | 'PINGRESP' | 'DISCONNECT'): Packet {
  return { type };
}

export function byteSummary(text: string): ByteSummary {
  const bytes = new TextEncoder().encode(text);
  return { length: bytes.length, crc32: crc32(bytes), head: '' };
}

export function textSummary(text: string): TextSummary {
  return { ...byteSummary(text), text };
}
