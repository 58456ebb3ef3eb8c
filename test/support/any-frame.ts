import * as fc from 'fast-check';
import mqttPacket, { type Packet } from 'mqtt-packet';
import type { Direction } from '../../broker/events.ts';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((value) => !/[\0#+]/.test(value));
const id = fc.integer({ min: 1, max: 65_535 });
const qos = fc.constantFrom<0 | 1 | 2>(0, 1, 2);
const payload = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));

/** Packets that are legal, as mqtt-packet makes them. */
export const legalPacket: fc.Arbitrary<Packet> = fc.oneof(
  fc.record({
    cmd: fc.constant('connect' as const),
    protocolId: fc.constant('MQTT' as const),
    protocolVersion: fc.constant(4 as const),
    clientId: text,
    clean: fc.boolean(),
    keepalive: fc.integer({ min: 0, max: 65_535 }),
    username: text,
    password: payload.filter((bytes) => bytes.length > 0),
    will: fc.record({ topic: text, payload: payload.filter((bytes) => bytes.length > 0), qos, retain: fc.boolean() }),
  }),
  fc.record({
    cmd: fc.constant('publish' as const),
    topic: text,
    payload,
    qos,
    dup: fc.constant(false),
    retain: fc.boolean(),
    messageId: id,
  }),
  fc.record({
    cmd: fc.constant('subscribe' as const),
    messageId: id,
    subscriptions: fc.array(fc.record({ topic: text, qos }), { minLength: 1, maxLength: 5 }),
  }),
  fc.record({
    cmd: fc.constant('unsubscribe' as const),
    messageId: id,
    unsubscriptions: fc.array(text, { minLength: 1, maxLength: 5 }),
  }),
  fc.record({
    cmd: fc.constantFrom('puback' as const, 'pubrec' as const, 'pubrel' as const, 'pubcomp' as const),
    messageId: id,
  }),
  fc.record({
    cmd: fc.constant('suback' as const),
    messageId: id,
    granted: fc.array(fc.constantFrom(0, 1, 2, 128), { minLength: 1 }),
  }),
  fc.record({
    cmd: fc.constant('connack' as const),
    returnCode: fc.integer({ min: 0, max: 5 }),
    sessionPresent: fc.constant(false),
  }),
  fc.record({ cmd: fc.constantFrom('pingreq' as const, 'pingresp' as const, 'disconnect' as const) }),
);

/** Frames with up to three bytes changed: most are illegal, each is still one frame. */
export const mutatedFrame: fc.Arbitrary<Buffer> = fc
  .tuple(legalPacket, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 }))
  .map(([made, changes]) => mutate(mqttPacket.generate(made), changes));

/** The direction in which a packet of that type is legal; up where both are. */
export function dirOf(frame: Buffer): Direction {
  return [2, 9, 11, 13].includes((frame[0] ?? 0) >> 4) ? 'down' : 'up';
}

/** Changes bytes of the first one and of the body; the remaining length stays, so that it remains one frame. */
function mutate(frame: Buffer, changes: readonly (readonly [number, number])[]): Buffer {
  const changed = Buffer.from(frame);
  let headerEnd = 1;
  while (((changed[headerEnd] ?? 0) & 0x80) !== 0) headerEnd += 1;
  for (const [at, value] of changes) {
    const index = at % (changed.length - headerEnd);
    changed[index === 0 ? 0 : headerEnd + index] = value;
  }
  return changed;
}
