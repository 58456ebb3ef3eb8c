import { isNumber, isRecord, isText, isTruth } from './member-type.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Whether a value has the members of a packet of its type: the judge reads them without another look. */
export function isPacket(packet: Fields): boolean {
  switch (packet['type']) {
    case 'PUBLISH':
      return isPublish(packet);
    case 'PUBACK':
    case 'PUBREC':
    case 'PUBREL':
    case 'PUBCOMP':
    case 'UNSUBACK':
      return isNumber(packet['packetId']);
    case 'CONNECT':
      return isConnect(packet);
    case 'CONNACK':
      return isTruth(packet['sessionPresent']) && isNumber(packet['returnCode']);
    case 'SUBSCRIBE':
      return isNumber(packet['packetId']) && isListOf(packet['filters'], isSubscription);
    case 'SUBACK':
      return isNumber(packet['packetId']) && isListOf(packet['codes'], isNumber);
    case 'UNSUBSCRIBE':
      return isNumber(packet['packetId']) && isListOf(packet['filters'], isSummary);
    case 'PINGREQ':
    case 'PINGRESP':
    case 'DISCONNECT':
      return true;
    case 'malformed':
      return isNumber(packet['typeNibble']) && isText(packet['why']);
    default:
      return false;
  }
}

function isPublish({ dup, qos, retain, topic, packetId, payload }: Fields): boolean {
  if (!isTruth(dup) || !isNumber(qos) || !isTruth(retain)) return false;
  return isSummary(topic) && isSummary(payload) && (packetId === null || isNumber(packetId));
}

function isConnect(packet: Fields): boolean {
  const { protocolName, protocolLevel, cleanSession, keepAliveS, clientId, userName, password, will } = packet;
  return (
    isText(protocolName) &&
    isNumber(protocolLevel) &&
    isTruth(cleanSession) &&
    isNumber(keepAliveS) &&
    isText(clientId) &&
    (userName === null || isText(userName)) &&
    (password === null || isSummary(password)) &&
    (will === null || isWill(will))
  );
}

function isWill(will: unknown): boolean {
  if (!isRecord(will)) return false;
  return isText(will['topic']) && isSummary(will['message']) && isNumber(will['qos']) && isTruth(will['retain']);
}

function isSubscription(value: unknown): boolean {
  return isRecord(value) && isSummary(value['filter']) && isNumber(value['qos']);
}

/** Bytes or text, of which length and CRC-32 are compared. */
function isSummary(value: unknown): boolean {
  return isRecord(value) && isNumber(value['length']) && isNumber(value['crc32']);
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => isItem(item));
}
