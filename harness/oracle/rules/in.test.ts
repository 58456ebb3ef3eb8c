import { expect, test } from '@jest/globals';

import { ackPacket, barePacket, byteSummary, connackPacket, publishPacket } from '../packets.ts';
import type { AnyRule } from '../rule.ts';
import { connectedTrace, initialisedTrace, judgeTrace, proofs, Trace } from '../trace-builder.ts';
import { eachMessageOnce } from './in-01-each-message-once.ts';
import { qos2Once } from './in-02-qos2-once.ts';
import { messageIsUnchanged } from './in-03-message-is-unchanged.ts';
import { packetIdOfWire } from './in-04-packet-id-of-wire.ts';
import { messagesInOrder } from './in-05-messages-in-order.ts';
import { inboundIsAcknowledged } from './in-06-inbound-is-acknowledged.ts';
import { illegalIsNotBrought } from './in-07-illegal-is-not-brought.ts';
import { largeIsWholeOrNot } from './in-08-large-is-whole-or-not.ts';
import { messagesWithinSession } from './in-09-messages-within-session.ts';
import { callbackIsReplaced } from './in-10-callback-is-replaced.ts';

function found(rule: AnyRule, trace: Trace): number {
  return judgeTrace([rule], trace).findings.length;
}

/** How often the rule was exercised, if it found nothing. */
function keptBy(rule: AnyRule, trace: Trace): number {
  const verdict = judgeTrace([rule], trace);
  expect(verdict.findings).toEqual([]);
  return verdict.exercised[rule.id] ?? 0;
}

/** Connected, and call 4 has set the incoming callback. */
function listening(): Trace {
  return connectedTrace().call(40, 'set_inpub_callback', 4, 0);
}

function sentAndBrought(message: { topic?: string; payload?: string }): Trace {
  return listening()
    .down(50, publishPacket({ qos: 0 }))
    .incoming(55, 4, message);
}

test('IN-01: a message that is not brought, one brought twice and one that nobody sent are found', () => {
  const sent = () => listening().down(50, publishPacket({ qos: 0 }));

  expect(proofs(judgeTrace([eachMessageOnce], sent().sync(1060)))).toEqual([[14]]);
  expect(found(eachMessageOnce, sent().incoming(55, 4).incoming(56, 4))).toBe(1);
  expect(found(eachMessageOnce, listening().incoming(55, 4))).toBe(1);
});

test('IN-01: each copy on the wire is a message of its own', () => {
  const trace = listening()
    .down(50, publishPacket({ packetId: 3 }))
    .down(51, publishPacket({ packetId: 3, dup: true }))
    .incoming(55, 4, { pktId: 3 })
    .incoming(56, 4, { pktId: 3 });

  const verdict = judgeTrace([eachMessageOnce], trace.sync(5000));

  expect(verdict.findings).toEqual([]);
  expect(verdict.clausesExercised).toEqual({ 'M-13.each-once': 2, 'MQTT-4.3.2-2': 2 });
});

test('IN-01: without a callback, after the end of the session and beyond the buffer nothing is owed', () => {
  const deaf = connectedTrace()
    .down(50, publishPacket({ qos: 0 }))
    .sync(5000);
  const broken = listening()
    .down(50, publishPacket({ qos: 0 }))
    .exception(60)
    .sync(5000);
  const held = listening()
    .down(50, publishPacket({ qos: 0 }), { held: true })
    .sync(5000);

  for (const trace of [deaf, broken, held]) expect(keptBy(eachMessageOnce, trace)).toBe(0);
});

test('IN-02: a QoS 2 message brought again before its PUBREL is found, after it is not', () => {
  const message = publishPacket({ qos: 2, packetId: 3 });
  const repeated = listening().down(50, message).incoming(55, 4, { pktId: 3 });
  const anew = listening()
    .down(50, message)
    .incoming(55, 4, { pktId: 3 })
    .down(60, ackPacket('PUBREL', 3))
    .down(65, message);

  expect(
    found(qos2Once, repeated.down(60, publishPacket({ qos: 2, packetId: 3, dup: true })).incoming(65, 4, { pktId: 3 })),
  ).toBe(1);
  expect(keptBy(qos2Once, anew.incoming(70, 4, { pktId: 3 }))).toBe(2);
});

test('IN-03: another topic, a cut payload and changed bytes are found', () => {
  expect(proofs(judgeTrace([messageIsUnchanged], sentAndBrought({ topic: 'a/c' })))).toEqual([[14, 15]]);
  expect(found(messageIsUnchanged, sentAndBrought({ payload: 'hell' }))).toBe(1);
  expect(found(messageIsUnchanged, sentAndBrought({ payload: 'hellO' }))).toBe(1);
  expect(keptBy(messageIsUnchanged, sentAndBrought({}))).toBe(1);
});

test('IN-03: an empty payload may come as a NULL pointer', () => {
  const trace = listening().down(50, publishPacket({ qos: 0, payload: '' }));
  const stamp = { slot: 0, handle: 1, client: 'same', task: 2 };
  trace.module(55, { k: 'enter', cb: 'inpub', arg: 4, pktId: 0, topic: byteSummary('a/b'), payload: null, ...stamp });

  expect(keptBy(messageIsUnchanged, trace)).toBe(1);
});

test('IN-04: another packet id than the wire’s is found, and at QoS 0 the id is noted', () => {
  const brought = (pktId: number) =>
    listening()
      .down(50, publishPacket({ packetId: 3 }))
      .incoming(55, 4, { pktId });

  expect(found(packetIdOfWire, brought(4))).toBe(1);
  expect(keptBy(packetIdOfWire, brought(3))).toBe(1);
  expect(judgeTrace([packetIdOfWire], sentAndBrought({})).observations).toEqual([
    { clause: 'D-11', name: 'pkt_id at QoS 0', value: 0 },
  ]);
});

test('IN-05: messages brought in another order are found, in that of the wire they are not', () => {
  const sent = () =>
    listening()
      .down(50, publishPacket({ qos: 0, payload: 'one' }))
      .down(51, publishPacket({ qos: 0, payload: 'two' }));

  expect(found(messagesInOrder, sent().incoming(55, 4, { payload: 'two' }).incoming(56, 4, { payload: 'one' }))).toBe(
    1,
  );
  expect(keptBy(messagesInOrder, sent().incoming(55, 4, { payload: 'one' }).incoming(56, 4, { payload: 'two' }))).toBe(
    1,
  );
});

test.each([
  ['PUBACK', 'MQTT-3.3.4-1', publishPacket({ packetId: 3 })],
  ['PUBREC', 'MQTT-3.3.4-1', publishPacket({ packetId: 3, qos: 2 })],
  ['PUBCOMP', 'MQTT-4.3.3-2', ackPacket('PUBREL', 3)],
] as const)('IN-06: a missing %s is found, one in time is not', (answer, clause, packet) => {
  const sent = () => listening().down(50, packet);

  expect(judgeTrace([inboundIsAcknowledged], sent().sync(251)).findings).toMatchObject([{ clause }]);
  expect(keptBy(inboundIsAcknowledged, sent().up(60, ackPacket(answer, 3)).sync(5000))).toBe(1);
});

test('IN-06: a message that no callback hears is to be acknowledged whatever the application does', () => {
  const unheard = connectedTrace()
    .down(50, publishPacket({ packetId: 3 }))
    .sync(251);

  expect(judgeTrace([inboundIsAcknowledged], unheard).findings).toMatchObject([
    { clause: 'MQTT-4.5.0-2', events: [11] },
  ]);
});

test('IN-06: a PUBREC to a QoS 2 publish without its PUBREL is found, one that answers nothing is not', () => {
  const published = (qos: number) =>
    connectedTrace()
      .call(40, 'publish', 9, -2, { topic: 't', payload: 'p', qos })
      .up(45, publishPacket({ qos, packetId: 3, topic: 't', payload: 'p' }))
      .down(50, ackPacket('PUBREC', 3));

  expect(judgeTrace([inboundIsAcknowledged], published(2).sync(300)).findings).toMatchObject([
    { clause: 'MQTT-4.3.3-1' },
  ]);
  expect(keptBy(inboundIsAcknowledged, published(2).up(60, ackPacket('PUBREL', 3)).sync(5000))).toBe(1);
  expect(found(inboundIsAcknowledged, published(1).sync(300))).toBe(0);
});

test('IN-06: a connection that ends owes no answer', () => {
  const left = connectedTrace()
    .down(50, publishPacket({ packetId: 3 }))
    .up(51, barePacket('DISCONNECT'))
    .sync(5000);
  const closed = connectedTrace()
    .down(50, publishPacket({ packetId: 3 }))
    .close(51, 'broker')
    .sync(5000);

  expect(keptBy(inboundIsAcknowledged, left)).toBe(0);
  expect(keptBy(inboundIsAcknowledged, closed)).toBe(0);
});

test('IN-09: a message brought before the connection callback or after the exception is found', () => {
  const early = initialisedTrace()
    .call(5, 'set_inpub_callback', 4, 0)
    .call(10, 'connect', 2, -2, { host: 'mqtt://127.0.0.1:1883' })
    .open(15)
    .down(20, connackPacket())
    .incoming(25, 4);

  expect(found(messagesWithinSession, early)).toBe(1);
  expect(found(messagesWithinSession, listening().exception(50).incoming(60, 4))).toBe(1);
  expect(keptBy(messagesWithinSession, listening().incoming(60, 4))).toBe(1);
});

test('IN-10: the arg of a callback that was replaced is found, also under the same message', () => {
  const replaced = () =>
    listening()
      .call(45, 'set_inpub_callback', 5, 0)
      .down(50, publishPacket({ qos: 0 }));

  expect(found(callbackIsReplaced, replaced().incoming(55, 4))).toBe(1);
  expect(keptBy(callbackIsReplaced, replaced().incoming(55, 5))).toBe(1);
});

test('IN-07: an illegal packet that is brought is found, and half of one', () => {
  const illegal = listening().down(50, publishPacket({ qos: 0, topic: 'a/#' }), {
    defects: [{ clause: 'MQTT-3.3.2-2', says: 'wildcard' }],
  });
  const half = listening().broker(50, { k: 'bytes', conn: 1, dir: 'down', hex: '30', length: 1, why: 'in part' });

  expect(found(illegalIsNotBrought, illegal.incoming(55, 4, { topic: 'a/#' }))).toBe(1);
  expect(found(illegalIsNotBrought, half.incoming(55, 4))).toBe(1);
});

test('IN-07: an illegal packet that ends the connection keeps the rule, whatever was brought before', () => {
  const trace = listening()
    .down(49, publishPacket({ qos: 0 }))
    .down(50, publishPacket({ qos: 3, packetId: 7 }), { defects: [{ clause: 'MQTT-3.3.1-4', says: 'QoS 3' }] })
    .incoming(55, 4)
    .fin(60, 'up');

  expect(keptBy(illegalIsNotBrought, trace.sync(5000))).toBe(1);
});

test('IN-08: a large message that is brought in part is found; whole, or not at all, it keeps the rule', () => {
  const sent = () =>
    listening().down(50, publishPacket({ qos: 0, payload: 'as long as you like' }), { length: 16_385 });

  expect(found(largeIsWholeOrNot, sent().incoming(55, 4, { payload: 'as long' }))).toBe(1);
  expect(keptBy(largeIsWholeOrNot, sent().incoming(55, 4, { payload: 'as long as you like' }))).toBe(1);
  expect(keptBy(largeIsWholeOrNot, sent().sync(5000))).toBe(1);
  expect(keptBy(largeIsWholeOrNot, sentAndBrought({ payload: 'hell' }))).toBe(0);
});
