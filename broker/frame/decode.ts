import type { Packet, TextSummary } from '../events.ts';
import { FieldReader, Malformed } from './field-reader.ts';
import { summariseBytes, summariseText } from './summary.ts';

/** Where a string of a packet stands; the checks on strings differ by it. */
export type StringRole = 'protocol name' | 'client id' | 'will topic' | 'user name' | 'topic name' | 'topic filter';

export interface WireString {
  readonly role: StringRole;
  readonly bytes: Buffer;
}

/** A frame read by MQTT 3.1.1, with what the checks of the linter need beside the packet. */
export interface Decoded {
  readonly packet: Packet;
  /** High nibble of the first byte: the control packet type, also where the rest is malformed. */
  readonly typeNibble: number;
  /** Low nibble of the first byte. */
  readonly flags: number;
  /** Second flags byte: of CONNECT, or the acknowledge flags of CONNACK; 0 elsewhere. */
  readonly innerFlags: number;
  readonly strings: readonly WireString[];
  /** The password of a CONNECT, for claims; it does not go into events. */
  readonly password?: Buffer;
  /** The statement that a malformed frame breaks. */
  readonly brokenClause?: string;
}

/** What a body reader hands back beside the packet. */
interface Body {
  readonly packet: Packet;
  readonly innerFlags?: number;
  readonly strings?: readonly WireString[];
  readonly password?: Buffer;
}

const NO_STRINGS: readonly WireString[] = [];

type BodyReader = (fields: FieldReader, flags: number) => Body;

/** MQTT 3.1.1, table 2.1. 0 and 15 are reserved. */
const BODIES: Readonly<Record<number, BodyReader>> = {
  1: readConnect,
  2: readConnack,
  3: readPublish,
  4: readAck('PUBACK'),
  5: readAck('PUBREC'),
  6: readAck('PUBREL'),
  7: readAck('PUBCOMP'),
  8: readSubscribe,
  9: readSuback,
  10: readUnsubscribe,
  11: readAck('UNSUBACK'),
  12: readBare('PINGREQ'),
  13: readBare('PINGRESP'),
  14: readBare('DISCONNECT'),
};

/**
 * Reads one whole frame, strictly: fields that run over the end, or bytes after the last field, make it malformed.
 * Values that are readable but illegal (QoS 3, reserved bits, ill-formed UTF-8) are read as they are; the linter judges them.
 */
export function decodeFrame(frame: Buffer): Decoded {
  const first = frame[0] ?? 0;
  const typeNibble = first >> 4;
  const flags = first & 0x0f;
  try {
    const body = BODIES[typeNibble];
    if (body === undefined) throw new Malformed('MQTT-2.2.1', `packet type ${typeNibble} is reserved`);
    const fields = new FieldReader(frame, headerLength(frame));
    const read = body(fields, flags);
    fields.expectEnd();
    const { packet, innerFlags = 0, strings = NO_STRINGS, password } = read;
    if (password !== undefined) return { packet, typeNibble, flags, innerFlags, strings, password };
    return { packet, typeNibble, flags, innerFlags, strings };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const packet: Packet = { type: 'malformed', typeNibble, why: error.message };
    return { typeNibble, flags, packet, innerFlags: 0, strings: [], brokenClause: error.clause };
  }
}

function headerLength(frame: Buffer): number {
  let length = 2;
  while (((frame[length - 1] ?? 0) & 0x80) !== 0) length += 1;
  return length;
}

function readConnect(fields: FieldReader): Body {
  const name = fields.bytes('protocol name', 'MQTT-3.1.2-1');
  const level = fields.byte('protocol level', 'MQTT-3.1.2-2');
  // Level 5 puts properties after the keep-alive: what follows can't be read by 3.1.1.
  if (level > 4) throw new Malformed('MQTT-3.1.2-2', `protocol level ${level} is not readable by 3.1.1`);
  const flags = fields.byte('connect flags', 'MQTT-2.2.3');
  const keepAliveS = fields.word('keep-alive', 'MQTT-2.2.3');
  const clientId = fields.bytes('client id', 'MQTT-3.1.3-3');
  const will = (flags & 0x04) === 0 ? null : readWill(fields, flags);
  const userName = (flags & 0x80) === 0 ? null : fields.bytes('user name', 'MQTT-3.1.2-19');
  const password = (flags & 0x40) === 0 ? null : fields.bytes('password', 'MQTT-3.1.2-21');
  const strings: WireString[] = [
    { role: 'protocol name', bytes: name },
    { role: 'client id', bytes: clientId },
  ];
  if (will !== null) strings.push({ role: 'will topic', bytes: will.topic });
  if (userName !== null) strings.push({ role: 'user name', bytes: userName });
  return {
    innerFlags: flags,
    strings,
    ...(password !== null && { password }),
    packet: {
      type: 'CONNECT',
      protocolName: name.toString('utf8'),
      protocolLevel: level,
      cleanSession: (flags & 0x02) !== 0,
      keepAliveS,
      clientId: clientId.toString('utf8'),
      userName: userName === null ? null : userName.toString('utf8'),
      password: password === null ? null : summariseBytes(password),
      will: will === null ? null : { ...will, topic: will.topic.toString('utf8') },
    },
  };
}

function readWill(fields: FieldReader, flags: number) {
  const topic = fields.bytes('will topic', 'MQTT-3.1.2-9');
  const message = summariseBytes(fields.bytes('will message', 'MQTT-3.1.2-9'));
  return { topic, message, qos: (flags >> 3) & 3, retain: (flags & 0x20) !== 0 };
}

function readConnack(fields: FieldReader): Body {
  const innerFlags = fields.byte('acknowledge flags', 'MQTT-2.2.3');
  const returnCode = fields.byte('return code', 'MQTT-2.2.3');
  return { innerFlags, packet: { type: 'CONNACK', sessionPresent: (innerFlags & 1) !== 0, returnCode } };
}

interface TopicRead {
  readonly bytes: Buffer;
  readonly topic: TextSummary;
  readonly strings: readonly WireString[];
}

/** Topics come again and again: the last one is kept, so that neither its summary nor the checks on it are made anew. */
let lastTopic: TopicRead | undefined;

function readTopic(fields: FieldReader): TopicRead {
  if (lastTopic !== undefined && fields.skipSame(lastTopic.bytes)) return lastTopic;
  // A copy: what was found is part of a larger buffer that is not to be kept.
  const bytes = Buffer.from(fields.bytes('topic name', 'MQTT-3.3.2-1'));
  lastTopic = { bytes, topic: summariseText(bytes), strings: [{ role: 'topic name', bytes }] };
  return lastTopic;
}

function readPublish(fields: FieldReader, flags: number): Body {
  const qos = (flags >> 1) & 3;
  const { topic, strings } = readTopic(fields);
  const packetId = qos === 0 ? null : fields.word('packet id', 'MQTT-2.3.1-1');
  return {
    strings,
    packet: {
      type: 'PUBLISH',
      dup: (flags & 8) !== 0,
      qos,
      retain: (flags & 1) !== 0,
      topic,
      packetId,
      payload: summariseBytes(fields.rest()),
    },
  };
}

function readAck(type: 'PUBACK' | 'PUBREC' | 'PUBREL' | 'PUBCOMP' | 'UNSUBACK'): BodyReader {
  return (fields) => ({ packet: { type, packetId: fields.word('packet id', 'MQTT-2.2.3') } });
}

function readBare(type: 'PINGREQ' | 'PINGRESP' | 'DISCONNECT'): BodyReader {
  return () => ({ packet: { type } });
}

function readSubscribe(fields: FieldReader): Body {
  const packetId = fields.word('packet id', 'MQTT-2.3.1-1');
  const strings: WireString[] = [];
  const filters = [];
  while (!fields.isAtEnd) {
    const bytes = fields.bytes('topic filter', 'MQTT-3.8.3-1');
    strings.push({ role: 'topic filter', bytes });
    filters.push({ filter: summariseText(bytes), qos: fields.byte('requested QoS', 'MQTT-3.8.3-3') });
  }
  return { strings, packet: { type: 'SUBSCRIBE', packetId, filters } };
}

function readSuback(fields: FieldReader): Body {
  const packetId = fields.word('packet id', 'MQTT-2.2.3');
  return { packet: { type: 'SUBACK', packetId, codes: [...fields.rest()] } };
}

function readUnsubscribe(fields: FieldReader): Body {
  const packetId = fields.word('packet id', 'MQTT-2.3.1-1');
  const strings: WireString[] = [];
  while (!fields.isAtEnd) strings.push({ role: 'topic filter', bytes: fields.bytes('topic filter', 'MQTT-3.10.3-1') });
  const filters = strings.map(({ bytes }) => summariseText(bytes));
  return { strings, packet: { type: 'UNSUBSCRIBE', packetId, filters } };
}
