import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import type {
  ByteSummary,
  FrameSeen,
  LintFinding,
  MessagePublished,
  Packet,
  TextSummary,
} from '../../broker/events.ts';
import { lineOf } from './event-line.ts';
import { stampBrokerEvent } from './stamp-broker-event.ts';

// Typed by all members of an event: one that is added must come here, and then into the line.
const hex = fc.uint8Array({ maxLength: 70 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const count = fc.nat(70_000);
const summary: fc.Arbitrary<ByteSummary> = fc.record({ length: count, crc32: fc.nat(2 ** 32 - 1), head: hex });
const text: fc.Arbitrary<TextSummary> = fc.record({
  length: count,
  crc32: fc.nat(2 ** 32 - 1),
  head: hex,
  text: fc.option(fc.string({ unit: 'binary' })),
});
const findings: fc.Arbitrary<LintFinding[]> = fc.array(fc.record({ clause: fc.string(), says: fc.string() }), {
  maxLength: 2,
});
const packet: fc.Arbitrary<Packet> = fc.oneof(
  fc.record<Extract<Packet, { type: 'PUBLISH' }>>({
    type: fc.constant('PUBLISH'),
    dup: fc.boolean(),
    qos: fc.nat(3),
    retain: fc.boolean(),
    topic: text,
    packetId: fc.option(count),
    payload: summary,
  }),
  fc.record({
    type: fc.constantFrom('PUBACK' as const, 'PUBREC' as const, 'PUBREL' as const, 'PUBCOMP' as const),
    packetId: count,
  }),
  fc.record<Extract<Packet, { type: 'SUBACK' }>>({
    type: fc.constant('SUBACK'),
    packetId: count,
    codes: fc.array(count),
  }),
  fc.record<Extract<Packet, { type: 'malformed' }>>({
    type: fc.constant('malformed'),
    typeNibble: count,
    why: fc.string(),
  }),
);
const frameMembers = {
  k: fc.constant('frame' as const),
  at: fc.nat(),
  conn: count,
  dir: fc.constantFrom('up' as const, 'down' as const),
  frame: count,
  length: count,
  hex,
  packet,
  lint: findings,
  defects: findings,
  injected: fc.boolean(),
  held: fc.boolean(),
} satisfies Record<keyof FrameSeen, unknown>;
const frame: fc.Arbitrary<FrameSeen> = fc.record(frameMembers, {
  requiredKeys: ['k', 'at', 'conn', 'dir', 'frame', 'length', 'hex', 'packet', 'lint'],
});
const message: fc.Arbitrary<MessagePublished> = fc.record<Required<MessagePublished>>({
  k: fc.constant('message'),
  at: fc.nat(),
  from: fc.option(fc.string({ unit: 'binary' })),
  topic: text,
  payload: summary,
  qos: fc.nat(2),
  retain: fc.boolean(),
});
/** As `fromZero` makes them. */
const time = fc.integer({ min: -5_000_000, max: 2 ** 40 }).map((micros) => Math.round(micros) / 1000);

test('a line of the file says what JSON.stringify would say of the whole event', () => {
  fc.assert(
    fc.property(fc.oneof(frame, message), fc.nat(), time, (event, n, at) => {
      const stamped = stampBrokerEvent(event, n, at);

      expect(stamped).toEqual({ ...event, n, at, src: 'broker' });
      expect(JSON.parse(lineOf(stamped))).toEqual(JSON.parse(JSON.stringify(stamped)));
    }),
  );
});
