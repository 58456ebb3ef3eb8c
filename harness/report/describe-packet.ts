import type { Packet, TextSummary } from '../../broker/events.ts';

const CONNACK_CODES: Readonly<Record<number, string>> = {
  0: 'accepted',
  1: 'protocol version',
  2: 'identifier',
  3: 'server unavailable',
  4: 'user name or password',
  5: 'not authorised',
};
const TOPIC_SHOWN = 40;

/** A packet as one short phrase, e.g. `PUBLISH q1 id 7 "a/b" 12 bytes`. */
export function describePacket(packet: Packet): string {
  switch (packet.type) {
    case 'CONNECT':
      return connectText(packet);
    case 'CONNACK':
      return `CONNACK ${packet.returnCode} ${CONNACK_CODES[packet.returnCode] ?? 'reserved'}${flag(packet.sessionPresent, 'session present')}`;
    case 'PUBLISH':
      return publishText(packet);
    case 'SUBSCRIBE':
      return `SUBSCRIBE id ${packet.packetId} ${packet.filters.map(({ filter, qos }) => `${quoted(filter)} q${qos}`).join(', ')}`;
    case 'SUBACK':
      return `SUBACK id ${packet.packetId} codes ${packet.codes.join(' ')}`;
    case 'UNSUBSCRIBE':
      return `UNSUBSCRIBE id ${packet.packetId} ${packet.filters.map(quoted).join(', ')}`;
    case 'malformed':
      return `malformed packet of type ${packet.typeNibble}: ${packet.why}`;
    case 'PINGREQ':
    case 'PINGRESP':
    case 'DISCONNECT':
      return packet.type;
    default:
      return `${packet.type} id ${packet.packetId}`;
  }
}

function connectText(packet: Extract<Packet, { type: 'CONNECT' }>): string {
  const { clientId, cleanSession, keepAliveS, userName, will } = packet;
  const user = userName === null ? '' : ` user "${userName}"`;
  const testament = will === null ? '' : ` will "${will.topic}" q${will.qos}`;
  return `CONNECT "${clientId}" clean ${cleanSession ? 1 : 0} keep-alive ${keepAliveS} s${user}${testament}`;
}

function publishText(packet: Extract<Packet, { type: 'PUBLISH' }>): string {
  const { qos, packetId, topic, payload, dup, retain } = packet;
  const id = packetId === null ? '' : ` id ${packetId}`;
  return `PUBLISH q${qos}${id} ${quoted(topic)} ${payload.length} bytes${flag(dup, 'DUP')}${flag(retain, 'RETAIN')}`;
}

function quoted({ text, length }: TextSummary): string {
  if (text === null) return `<${length} bytes, not UTF-8>`;
  return text.length > TOPIC_SHOWN ? `"${text.slice(0, TOPIC_SHOWN)}…" (${length} bytes)` : `"${text}"`;
}

function flag(isSet: boolean, name: string): string {
  return isSet ? ` ${name}` : '';
}
