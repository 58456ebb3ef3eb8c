import type { Packet } from '../../../broker/events.ts';

/** What a packet of the module says, but for its packet id and the client's name. */
export function packetText(packet: Packet): string {
  switch (packet.type) {
    case 'CONNECT': {
      const { cleanSession, keepAliveS, userName, will } = packet;
      return `CONNECT clean ${cleanSession}, keep-alive ${keepAliveS}, user ${userName ?? 'none'}, will ${will?.topic ?? 'none'}`;
    }
    case 'PUBLISH': {
      const { qos, retain, dup, topic, payload } = packet;
      const flags = `q${qos}${retain ? ' retained' : ''}${dup ? ' again' : ''}`;
      return `PUBLISH ${flags} "${topic.text ?? ''}", ${payload.length} bytes, CRC ${payload.crc32}`;
    }
    case 'SUBSCRIBE':
      return `SUBSCRIBE ${packet.filters.map(({ filter, qos }) => `"${filter.text ?? ''}" q${qos}`).join(', ')}`;
    case 'UNSUBSCRIBE':
      return `UNSUBSCRIBE ${packet.filters.map(({ text }) => `"${text ?? ''}"`).join(', ')}`;
    default:
      return packet.type;
  }
}
