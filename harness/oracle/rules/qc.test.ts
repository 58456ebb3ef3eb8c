import { expect, test } from '@jest/globals';

import {
  ackPacket,
  connackPacket,
  connectPacket,
  publishPacket,
  subackPacket,
  subscribePacket,
  unsubscribePacket,
} from '../packets.ts';
import type { AnyRule } from '../rule.ts';
import { connectedTrace, judgeTrace, type Trace } from '../trace-builder.ts';
import { successAfterPuback } from './qc-01-success-after-puback.ts';
import { successAfterPubcomp } from './qc-02-success-after-pubcomp.ts';
import { subscribedIffGranted } from './qc-03-subscribed-iff-granted.ts';
import { unsubscribedAfterUnsuback } from './qc-04-unsubscribed-after-unsuback.ts';
import { ackOfItsKind } from './qc-05-ack-of-its-kind.ts';
import { ackCompletesItsArg } from './qc-06-ack-completes-its-arg.ts';
import { unansweredRequestTimesOut } from './qc-07-unanswered-request-times-out.ts';
import { lateAckChangesNothing } from './qc-08-late-ack-changes-nothing.ts';
import { resendEnds } from './qc-09-resend-ends.ts';
import { sessionIsResumed } from './qc-10-session-is-resumed.ts';
import { callbacksInAckOrder } from './qc-12-callbacks-in-ack-order.ts';

const PUBLISH = { topic: 'a/b', payload: 'hello', qos: 1 };
const SUBSCRIBE = { topic: 'a/b', qos: 1, sub: 1 };
const UNSUBSCRIBE = { topic: 'a/b', qos: 0, sub: 0 };

function found(rule: AnyRule, trace: Trace): number {
  return judgeTrace([rule], trace).findings.length;
}

/** How often the rule was exercised, if it found nothing. */
function keptBy(rule: AnyRule, trace: Trace): number {
  const verdict = judgeTrace([rule], trace);
  expect(verdict.findings).toEqual([]);
  return verdict.exercised[rule.id] ?? 0;
}

function sentQos1(): Trace {
  return connectedTrace()
    .call(40, 'publish', 7, -2, PUBLISH)
    .up(42, publishPacket({ packetId: 5 }));
}

function sentQos2(): Trace {
  return connectedTrace()
    .call(40, 'publish', 7, -2, { ...PUBLISH, qos: 2 })
    .up(42, publishPacket({ packetId: 5, qos: 2 }));
}

/** Two publishes in flight: call 7 under packet id 5, call 8 under 6. */
function sentTwo(): Trace {
  return sentQos1()
    .call(43, 'publish', 8, -2, { ...PUBLISH, payload: 'other' })
    .up(44, publishPacket({ packetId: 6, payload: 'other' }));
}

function subscribed(): Trace {
  return connectedTrace().call(40, 'sub_unsub', 7, -2, SUBSCRIBE).up(42, subscribePacket(5));
}

test('QC-01: success before the PUBACK was sent is found, also while a gate holds it', () => {
  const without = sentQos1().enter(50, 'request', 7, 0);
  const held = sentQos1().down(45, ackPacket('PUBACK', 5), { held: true }).enter(50, 'request', 7, 0);
  const wrongId = sentQos1().down(45, ackPacket('PUBACK', 6)).enter(50, 'request', 7, 0);

  for (const trace of [without, held, wrongId]) expect(found(successAfterPuback, trace)).toBe(1);
});

test('QC-01: success after the PUBACK, and failure without one, keep the rule', () => {
  const trace = sentQos1()
    .down(45, ackPacket('PUBACK', 5))
    .enter(50, 'request', 7, 0)
    .call(60, 'publish', 8, -2, PUBLISH)
    .enter(900, 'request', 8, -9);

  expect(keptBy(successAfterPuback, trace)).toBe(1);
});

test('QC-02: success before the PUBCOMP was sent, or without a PUBREC, is found', () => {
  const early = sentQos2().down(44, ackPacket('PUBREC', 5)).up(45, ackPacket('PUBREL', 5)).enter(50, 'request', 7, 0);
  const skipped = sentQos2().down(44, ackPacket('PUBCOMP', 5)).enter(50, 'request', 7, 0);

  expect(found(successAfterPubcomp, early)).toBe(1);
  expect(found(successAfterPubcomp, skipped)).toBe(1);
});

test('QC-02: success after PUBREC, PUBREL and PUBCOMP keeps the rule', () => {
  const trace = sentQos2()
    .down(44, ackPacket('PUBREC', 5))
    .up(45, ackPacket('PUBREL', 5))
    .down(46, ackPacket('PUBCOMP', 5))
    .enter(50, 'request', 7, 0);

  expect(keptBy(successAfterPubcomp, trace)).toBe(1);
});

test('QC-03: success without a SUBACK or on a refusal, and failure of what was granted, are found', () => {
  expect(found(subscribedIffGranted, subscribed().enter(50, 'request', 7, 0))).toBe(1);
  expect(
    found(
      subscribedIffGranted,
      subscribed()
        .down(45, subackPacket(5, [0x80]))
        .enter(50, 'request', 7, 0),
    ),
  ).toBe(1);
  expect(found(subscribedIffGranted, subscribed().down(45, subackPacket(5)).enter(50, 'request', 7, -8))).toBe(1);
});

test('QC-03: success after a grant and failure after a refusal keep the rule', () => {
  const refused = subscribed()
    .down(45, subackPacket(5, [0x80]))
    .enter(50, 'request', 7, 128);

  expect(keptBy(subscribedIffGranted, subscribed().down(45, subackPacket(5)).enter(50, 'request', 7, 0))).toBe(1);
  expect(judgeTrace([subscribedIffGranted], refused).clausesExercised).toMatchObject({ 'MQTT-3.9.3-2': 1 });
});

test('QC-03: a time-out that crosses its SUBACK is nobody’s fault', () => {
  const trace = subscribed().down(900, subackPacket(5)).enter(901, 'request', 7, -9);

  expect(keptBy(subscribedIffGranted, trace)).toBe(0);
});

test('QC-04: success before the UNSUBACK was sent is found, after it is not', () => {
  const sent = () => connectedTrace().call(40, 'sub_unsub', 7, -2, UNSUBSCRIBE).up(42, unsubscribePacket(5));

  expect(found(unsubscribedAfterUnsuback, sent().enter(50, 'request', 7, 0))).toBe(1);
  expect(keptBy(unsubscribedAfterUnsuback, sent().down(45, ackPacket('UNSUBACK', 5)).enter(50, 'request', 7, 0))).toBe(
    1,
  );
});

test('QC-05: a subscription completed by a PUBACK is found, one that waits for its SUBACK is not', () => {
  const answered = () => subscribed().down(45, ackPacket('PUBACK', 5));

  expect(found(ackOfItsKind, answered().enter(50, 'request', 7, 0))).toBe(1);
  expect(keptBy(ackOfItsKind, answered().down(60, subackPacket(5)).enter(65, 'request', 7, 0))).toBe(1);
});

test('QC-06: an acknowledgement that completes the older request instead is found', () => {
  const acked = () => sentTwo().down(50, ackPacket('PUBACK', 6));

  expect(found(ackCompletesItsArg, acked().enter(55, 'request', 7, 0))).toBe(1);
  expect(keptBy(ackCompletesItsArg, acked().enter(55, 'request', 8, 0))).toBe(1);
});

test('QC-07: a request that is never answered and never times out is found', () => {
  expect(found(unansweredRequestTimesOut, sentQos1().sync(1047))).toBe(1);
  expect(found(unansweredRequestTimesOut, sentQos1().exception(50).sync(1047))).toBe(0);
});

test.each([-9, 257])('QC-07: a time-out told as %i keeps the rule', (err) => {
  expect(keptBy(unansweredRequestTimesOut, sentQos1().enter(900, 'request', 7, err).sync(5000))).toBe(1);
});

test('QC-07: a session with longer retries has longer deadlines', () => {
  const trace = connectedTrace({ pktTimeout: 2, retryTimes: 1 }).call(40, 'publish', 7, -2, PUBLISH);

  expect(found(unansweredRequestTimesOut, trace.sync(4400))).toBe(0);
  expect(found(unansweredRequestTimesOut, trace.sync(4600))).toBe(1);
});

test('QC-08: a second callback after a late PUBACK is found, silence is not', () => {
  const late = () => sentQos1().enter(900, 'request', 7, -9).down(950, ackPacket('PUBACK', 5));

  expect(found(lateAckChangesNothing, late().enter(955, 'request', 7, 0))).toBe(1);
  expect(keptBy(lateAckChangesNothing, late().sync(1100))).toBe(1);
});

test('QC-08: a second callback after a PUBACK that comes again is found, silence is not', () => {
  const again = () =>
    sentQos1().down(45, ackPacket('PUBACK', 5)).enter(50, 'request', 7, 0).down(60, ackPacket('PUBACK', 5));

  expect(found(lateAckChangesNothing, again().enter(65, 'request', 7, 0))).toBe(1);
  expect(keptBy(lateAckChangesNothing, again().sync(400))).toBe(1);
});

test('QC-08: an acknowledgement that comes again is not that of the request that has its packet id by then', () => {
  const reused = sentQos1()
    .down(45, ackPacket('PUBACK', 5))
    .enter(50, 'request', 7, 0)
    .call(60, 'publish', 8, -2, { ...PUBLISH, payload: 'other' })
    .up(62, publishPacket({ packetId: 5, payload: 'other' }))
    .down(65, ackPacket('PUBACK', 5))
    .enter(70, 'request', 8, 0);

  expect(keptBy(lateAckChangesNothing, reused.sync(400))).toBe(0);
});

test('QC-09: one resend more than retry_times, and one after the acknowledgement, are found', () => {
  const again = publishPacket({ packetId: 5, dup: true });
  const limited = connectedTrace({ retryTimes: 1 })
    .call(40, 'publish', 7, -2, PUBLISH)
    .up(42, publishPacket({ packetId: 5 }));
  const acked = sentQos1().down(45, ackPacket('PUBACK', 5)).up(300, again);

  expect(keptBy(resendEnds, limited.up(100, again))).toBe(1);
  expect(found(resendEnds, limited.up(200, again))).toBe(1);
  expect(found(resendEnds, acked)).toBe(1);
});

function resumed(): Trace {
  return sentTwo()
    .close(50, 'broker')
    .call(60, 'connect', 9, -2, { host: 'mqtt://127.0.0.1:1883', info: { clientId: 'bench', cleanSession: 0 } })
    .open(65, 2)
    .up(66, connectPacket({ cleanSession: false }), { conn: 2 })
    .down(67, connackPacket(0, true), { conn: 2 });
}

test('QC-10: what was not acknowledged and is not sent again on a session that goes on is found', () => {
  expect(judgeTrace([sessionIsResumed], resumed().sync(300)).findings).toMatchObject([{ clause: 'MQTT-4.4.0-1' }]);
});

test('QC-10: sending again in another order is found, in the first order it is not', () => {
  const first = publishPacket({ packetId: 5, dup: true });
  const second = publishPacket({ packetId: 6, dup: true, payload: 'other' });
  const swapped = resumed().up(70, second, { conn: 2 }).up(71, first, { conn: 2 });

  expect(judgeTrace([sessionIsResumed], swapped).findings).toMatchObject([{ clause: 'MQTT-4.6.0-1' }]);
  expect(keptBy(sessionIsResumed, resumed().up(70, first, { conn: 2 }).up(71, second, { conn: 2 }).sync(300))).toBe(2);
});

test('QC-12: callbacks in another order than their PUBACKs are found', () => {
  const acked = () => sentTwo().down(50, ackPacket('PUBACK', 6)).down(51, ackPacket('PUBACK', 5));

  expect(found(callbacksInAckOrder, acked().enter(55, 'request', 7, 0).enter(56, 'request', 8, 0))).toBe(1);
  expect(keptBy(callbacksInAckOrder, acked().enter(55, 'request', 8, 0).enter(56, 'request', 7, 0))).toBe(1);
});
