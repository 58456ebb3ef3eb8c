import { expect, test } from '@jest/globals';
import type { Packet } from '../../broker/events.ts';
import {
  ackPacket,
  barePacket,
  byteSummary,
  connackPacket,
  connectPacket,
  publishPacket,
  subackPacket,
  subscribePacket,
  unsubscribePacket,
} from '../oracle/packets.ts';
import { isPacket } from './packet-shape.ts';

type Fields = Readonly<Record<string, unknown>>;

const WILL = { topic: 'gone', message: byteSummary('bye'), qos: 1, retain: false };
const PACKETS: readonly Packet[] = [
  connectPacket({ userName: 'user', password: byteSummary('pass'), will: WILL }),
  connectPacket(),
  connackPacket(),
  publishPacket({ qos: 1 }),
  publishPacket({ qos: 0 }),
  ackPacket('PUBACK', 7),
  ackPacket('PUBREC', 7),
  ackPacket('PUBREL', 7),
  ackPacket('PUBCOMP', 7),
  ackPacket('UNSUBACK', 7),
  subscribePacket(7),
  subackPacket(7),
  unsubscribePacket(7),
  barePacket('PINGREQ'),
  barePacket('PINGRESP'),
  barePacket('DISCONNECT'),
  { type: 'malformed', typeNibble: 15, why: 'reserved' },
];

/** Nobody compares what is there for people to read. */
const FOR_PEOPLE = new Set(['head', 'text']);

/** A value with one member changed to something else, once for each member however deep. */
function* spoilt(value: unknown, by: unknown): Generator {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) for (const bad of spoilt(item, by)) yield value.with(index, bad);
    return;
  }
  if (!isFields(value)) return;
  for (const [name, member] of Object.entries(value)) {
    if (FOR_PEOPLE.has(name)) continue;
    yield { ...value, [name]: by };
    for (const bad of spoilt(member, by)) yield { ...value, [name]: bad };
  }
}

test.each(PACKETS)('a $type is one', (packet) => {
  expect(isPacket({ ...packet })).toBe(true);
});

test.each(PACKETS)('a $type that lacks a member, or has something else in its place, is none', (packet) => {
  const taken = [undefined, Symbol('of no type')].flatMap((by) =>
    [...spoilt(packet, by)].filter((bad) => isFields(bad) && isPacket(bad)),
  );

  expect(taken).toEqual([]);
});

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
