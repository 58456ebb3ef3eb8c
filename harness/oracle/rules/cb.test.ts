import { expect, test } from '@jest/globals';

import { ackPacket, barePacket, publishPacket } from '../packets.ts';
import type { AnyRule } from '../rule.ts';
import { connectedTrace, initialisedTrace, judgeTrace, proofs, type Trace } from '../trace-builder.ts';
import { oneCallback } from './cb-01-one-callback.ts';
import { callbackWasAskedFor } from './cb-02-callback-was-asked-for.ts';
import { argAndClient } from './cb-03-arg-and-client.ts';
import { errorIsFinal } from './cb-04-error-is-final.ts';
import { silentAfterDeinit } from './cb-05-silent-after-deinit.ts';
import { callbacksDoNotOverlap } from './cb-06-callbacks-do-not-overlap.ts';
import { oneCallbackTask } from './cb-07-one-callback-task.ts';
import { endFailsRequests } from './cb-08-end-fails-requests.ts';
import { returnComesFirst } from './cb-09-return-comes-first.ts';
import { exceptionOnce } from './cb-10-exception-once.ts';
import { exceptionNeedsSession } from './cb-11-exception-needs-session.ts';
import { noExceptionOnDisconnect } from './cb-12-no-exception-on-disconnect.ts';
import { oneEnding } from './cb-13-one-ending.ts';
import { connectIsFinal } from './cb-14-connect-is-final.ts';
import { successMeansSent } from './cb-15-success-means-sent.ts';
import { nullCallbackIsTaken } from './cb-16-null-callback-is-taken.ts';
import { messageOutlivesCallback } from './cb-17-message-outlives-callback.ts';
import { callsInCallbacksReturn } from './cb-18-calls-in-callbacks-return.ts';

const PUBLISH = { topic: 'a/b', payload: 'hello', qos: 1 };

function found(rule: AnyRule, trace: Trace): number {
  return judgeTrace([rule], trace).findings.length;
}

/** How often the rule was exercised, if it found nothing. */
function keptBy(rule: AnyRule, trace: Trace): number {
  const verdict = judgeTrace([rule], trace);
  expect(verdict.findings).toEqual([]);
  return verdict.exercised[rule.id] ?? 0;
}

test('CB-01: a publish that returned WOUNDBLOCK and is called back once keeps the rule', () => {
  const trace = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).enter(60, 'request', 7, 0).sync(2000);

  const verdict = judgeTrace([oneCallback], trace);

  expect(verdict.findings).toEqual([]);
  expect(verdict.exercised).toEqual({ 'CB-01': 2 });
  expect(verdict.clausesExercised).toMatchObject({ 'M-4.connect-callback': 1, 'M-10.request-callback': 1 });
});

test('CB-01: a callback that has not come when the module was heard beyond the deadline is missing', () => {
  const trace = connectedTrace().call(40, 'publish', 7, -2, PUBLISH);
  const returned = trace.last;

  const verdict = judgeTrace([oneCallback], trace.sync(1047));

  expect(verdict.findings).toEqual([
    {
      rule: 'CB-01',
      clause: 'M-10.request-callback',
      kind: 'specified',
      message: 'publish returned WOUNDBLOCK and no request callback came in 1000 ms',
      events: [returned],
    },
  ]);
});

test('CB-01: silence proves nothing while the module may have spoken within the clock uncertainty', () => {
  const trace = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).sync(1044);

  expect(judgeTrace([oneCallback], trace).findings).toEqual([]);
});

test('CB-01: a callback heard after other events but stamped before the deadline is in time', () => {
  const trace = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).open(5000, 2).module(1030, {
    k: 'enter',
    cb: 'request',
    arg: 7,
    err: 0,
    slot: 0,
    handle: 1,
    client: 'same',
    task: 2,
    heard: 5001,
  });

  expect(judgeTrace([oneCallback], trace.sync(6000)).findings).toEqual([]);
});

test('CB-01: a second callback for one call is found', () => {
  const trace = connectedTrace()
    .call(40, 'publish', 7, -2, PUBLISH)
    .enter(60, 'request', 7, 0)
    .enter(61, 'request', 7, 0);

  expect(proofs(judgeTrace([oneCallback], trace))).toEqual([[trace.last - 2, trace.last - 1]]);
});

test('CB-01: a callback stamped before the return of its own call counts once', () => {
  const trace = connectedTrace()
    .request(40, 'publish', 7, PUBLISH)
    .begin(41, 'publish', 7)
    .enter(42, 'request', 7, 0)
    .ret(43, 'publish', 7, -2)
    .sync(5000);

  const verdict = judgeTrace([oneCallback], trace);

  expect(verdict.findings).toEqual([]);
  expect(verdict.exercised).toEqual({ 'CB-01': 2 });
});

test('CB-01: a client that was deinitialised owes nothing any more, and neither does a module that started again', () => {
  const deinit = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).call(50, 'deinit', 8, 0).sync(5000);
  const boot = connectedTrace()
    .call(40, 'publish', 7, -2, PUBLISH)
    .host(50, { k: 'boot', id: 'x', cause: 'panic', announced: false })
    .sync(5000);

  expect(judgeTrace([oneCallback], deinit).findings).toEqual([]);
  expect(judgeTrace([oneCallback], boot).findings).toEqual([]);
});

test('CB-01: two calls due at once are two findings', () => {
  const trace = connectedTrace()
    .call(40, 'publish', 7, -2, PUBLISH)
    .call(40, 'publish', 8, -2, { ...PUBLISH, payload: 'other' })
    .sync(5000);

  expect(judgeTrace([oneCallback], trace).findings).toHaveLength(2);
});

test('CB-01: a NULL callback is not waited for', () => {
  const trace = connectedTrace()
    .call(40, 'publish', 7, -2, { ...PUBLISH, cb: false })
    .sync(5000);

  expect(judgeTrace([oneCallback], trace).findings).toEqual([]);
});

test('CB-02: a disconnect callback with the arg of a publish is found, a request callback is not', () => {
  const wrong = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).enter(60, 'disconnect', 7, 0);
  const right = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).enter(60, 'request', 7, 0);

  expect(judgeTrace([callbackWasAskedFor], wrong).findings).toHaveLength(1);
  expect(judgeTrace([callbackWasAskedFor], right).findings).toEqual([]);
});

test('CB-02: a callback that comes before its call began is found', () => {
  const trace = connectedTrace().request(40, 'publish', 7, PUBLISH).enter(41, 'request', 7, 0);

  expect(proofs(judgeTrace([callbackWasAskedFor], trace))).toEqual([[trace.last - 1]]);
});

test.each([
  ['an arg that no call passed', connectedTrace().enter(60, 'request', 99, 0)],
  [
    'a NULL client',
    connectedTrace().call(40, 'publish', 7, -2, PUBLISH).enter(60, 'request', 7, 0, { client: 'null' }),
  ],
  ['a foreign client', connectedTrace().exception(60, { client: 'foreign', handle: 77 })],
  [
    'the client of another slot',
    connectedTrace().call(40, 'publish', 7, -2, PUBLISH).enter(60, 'request', 7, 0, { slot: 1 }),
  ],
  ['another handle', connectedTrace().call(40, 'publish', 7, -2, PUBLISH).enter(60, 'request', 7, 0, { handle: 2 })],
  ['an incoming message with the arg of connect', connectedTrace().incoming(60, 2)],
])('CB-03: %s is found', (_, trace) => {
  expect(judgeTrace([argAndClient], trace).findings).toHaveLength(1);
});

test('CB-03: callbacks with arg and client of their calls keep the rule', () => {
  const trace = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).enter(60, 'request', 7, 0).exception(70);

  const verdict = judgeTrace([argAndClient], trace);

  expect(verdict.findings).toEqual([]);
  expect(verdict.exercised).toEqual({ 'CB-03': 3 });
});

test('CB-03: the arg of a request that was called back, in place of one that was acknowledged, is found', () => {
  const both = () =>
    connectedTrace()
      .call(40, 'publish', 7, -2, PUBLISH)
      .up(41, publishPacket({ packetId: 1 }))
      .call(42, 'publish', 8, -2, PUBLISH)
      .up(43, publishPacket({ packetId: 2 }))
      .down(50, ackPacket('PUBACK', 1))
      .down(51, ackPacket('PUBACK', 2))
      .enter(60, 'request', 8, 0);

  expect(judgeTrace([argAndClient], both().enter(61, 'request', 8, 0)).findings).toMatchObject([{ clause: 'M-4.arg' }]);
  expect(judgeTrace([argAndClient], both().enter(61, 'request', 7, 0)).findings).toEqual([]);
});

test('CB-05: a callback after deinit has returned 0 is found, one that is entered during deinit is not', () => {
  const after = connectedTrace().call(40, 'deinit', 8, 0).exception(50);
  const during = connectedTrace().request(40, 'deinit', 8).begin(41, 'deinit', 8).exception(42).ret(43, 'deinit', 8, 0);

  expect(judgeTrace([silentAfterDeinit], after).findings).toHaveLength(1);
  expect(judgeTrace([silentAfterDeinit], during).findings).toEqual([]);
});

test('CB-05: a callback of the client before is found even if the slot has a new client', () => {
  const trace = connectedTrace()
    .call(40, 'publish', 7, -2, PUBLISH)
    .call(50, 'deinit', 8, 0)
    .call(60, 'init', 9, 0)
    .enter(70, 'request', 7, -6);

  expect(judgeTrace([silentAfterDeinit], trace).findings).toHaveLength(1);
});

test('CB-05: a deinit that was refused silences nothing', () => {
  const trace = initialisedTrace().call(40, 'deinit', 8, -1).exception(50);

  expect(judgeTrace([silentAfterDeinit], trace).findings).toEqual([]);
});

test('CB-04: a callback of a call that returned an error is found, before and after its return', () => {
  const after = connectedTrace().call(40, 'publish', 7, -1, PUBLISH).enter(60, 'request', 7, -1);
  const before = connectedTrace().begin(40, 'publish', 7).enter(41, 'request', 7, -1).ret(42, 'publish', 7, -1);

  expect(found(errorIsFinal, after)).toBe(1);
  expect(found(errorIsFinal, before)).toBe(1);
});

test('CB-04: silence after an error keeps the rule, and 0 says nothing about a callback', () => {
  expect(keptBy(errorIsFinal, connectedTrace().call(40, 'publish', 7, -1, PUBLISH).sync(200))).toBe(1);
  const zero = judgeTrace(
    [errorIsFinal],
    connectedTrace().call(40, 'publish', 7, 0, PUBLISH).enter(60, 'request', 7, 0).sync(200),
  );
  expect(zero).toMatchObject({ findings: [], exercised: { 'CB-04': 0 } });
  expect(zero.observations).toEqual([
    { clause: 'D-22', name: 'a callback follows a publish that returned 0', value: true },
  ]);
});

test('CB-06: a callback inside another one of the same client is found, one after the other is not', () => {
  const leave = { k: 'leave', cb: 'connect', task: 2 };
  const nested = connectedTrace().exception(40);
  const sequence = connectedTrace()
    .module(35, { ...leave, enter: 5 })
    .exception(40);

  expect(found(callbacksDoNotOverlap, nested)).toBe(1);
  expect(keptBy(callbacksDoNotOverlap, sequence)).toBe(1);
});

test('CB-06: a callback beside another one of the same client is found, whatever its task, and one of another client is not', () => {
  const beside = (slot: number) => connectedTrace().exception(40, { task: 3, slot });

  expect(found(callbacksDoNotOverlap, beside(0))).toBe(1);
  expect(found(callbacksDoNotOverlap, beside(1))).toBe(0);
});

test('CB-06: when a nested callback has ended, the outer one is still open', () => {
  const nested = connectedTrace()
    .exception(40)
    .module(41, { k: 'leave', cb: 'exception', task: 2, enter: 6 })
    .exception(42);

  expect(found(callbacksDoNotOverlap, nested)).toBe(2);
});

test('CB-07: a callback on the caller’s task and callbacks on two tasks are found', () => {
  const own = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).enter(60, 'request', 7, 0, { task: 1 });
  const two = connectedTrace().exception(40, { task: 3 });

  expect(found(oneCallbackTask, own)).toBe(1);
  expect(found(oneCallbackTask, two)).toBe(1);
  expect(keptBy(oneCallbackTask, connectedTrace().exception(40))).toBe(1);
});

test('CB-08: a request left without a callback when its session breaks is found', () => {
  const trace = () => connectedTrace().call(40, 'publish', 7, -2, PUBLISH).exception(50);

  expect(found(endFailsRequests, trace().sync(200))).toBe(1);
  expect(found(endFailsRequests, trace().enter(60, 'request', 7, 0))).toBe(1);
  expect(keptBy(endFailsRequests, trace().enter(60, 'request', 7, -6).sync(200))).toBe(1);
});

test('CB-08: a request that failed before the exception keeps the rule', () => {
  const trace = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).enter(49, 'request', 7, -6).exception(50);

  expect(keptBy(endFailsRequests, trace.sync(200))).toBe(0);
});

test('CB-08: what becomes of an open request is noted as its err', () => {
  const trace = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).exception(50).enter(60, 'request', 7, 256);

  expect(judgeTrace([endFailsRequests], trace).observations).toEqual([
    { clause: 'D-15', name: 'err of a request that is open at the exception', value: 256 },
  ]);
});

test('CB-10: a second exception in one session is found, one in each of two sessions is not', () => {
  const again = connectedTrace().exception(50).call(60, 'connect', 3, -2).enter(70, 'connect', 3, 0).exception(80);

  expect(found(exceptionOnce, connectedTrace().exception(50).exception(51))).toBe(1);
  expect(keptBy(exceptionOnce, again)).toBe(2);
});

test('CB-11: an exception after a refused connect, after a disconnect and before any session is found', () => {
  const refused = initialisedTrace().call(10, 'connect', 2, -2).enter(20, 'connect', 2, 5).exception(30);
  const ended = connectedTrace().call(40, 'disconnect', 3, -2).enter(50, 'disconnect', 3, 0).exception(60);
  const early = initialisedTrace().call(10, 'connect', 2, -2).exception(30);

  for (const trace of [refused, ended, early]) expect(found(exceptionNeedsSession, trace)).toBe(1);
  expect(keptBy(exceptionNeedsSession, connectedTrace().exception(50))).toBe(1);
});

test('CB-12: an exception while the application disconnects is found, unless the connection is lost', () => {
  const ending = () => connectedTrace().call(40, 'disconnect', 3, -2);

  expect(found(noExceptionOnDisconnect, ending().exception(45))).toBe(1);
  expect(found(noExceptionOnDisconnect, ending().close(44, 'broker').exception(45))).toBe(0);
  expect(keptBy(noExceptionOnDisconnect, ending().enter(50, 'disconnect', 3, 0))).toBe(1);
});

test('CB-13: a session that ends by disconnect and by exception is found', () => {
  const both = connectedTrace().call(40, 'disconnect', 3, -2).exception(45).enter(50, 'disconnect', 3, 0);
  const failed = connectedTrace().call(40, 'disconnect', 3, -2).exception(45).enter(50, 'disconnect', 3, -6);

  expect(found(oneEnding, both)).toBe(1);
  expect(keptBy(oneEnding, failed)).toBe(1);
});

test('CB-14: a connection callback that tells the loss is found, the exception alone is not', () => {
  expect(found(connectIsFinal, connectedTrace().enter(50, 'connect', 2, 256))).toBe(1);
  expect(keptBy(connectIsFinal, connectedTrace().exception(50))).toBe(1);
});

test('CB-15: a QoS 0 publish that succeeds and never reaches the broker is found', () => {
  const done = () =>
    connectedTrace()
      .call(40, 'publish', 7, -2, { ...PUBLISH, qos: 0 })
      .enter(45, 'request', 7, 0);

  expect(found(successMeansSent, done().sync(251))).toBe(1);
  expect(
    keptBy(
      successMeansSent,
      done()
        .up(60, publishPacket({ qos: 0 }))
        .sync(251),
    ),
  ).toBe(1);
  expect(keptBy(successMeansSent, done().up(60, barePacket('PINGREQ')).sync(240))).toBe(0);
});

test('CB-15: what comes last on a connection tells at once that a publish before it was not sent', () => {
  const done = () =>
    connectedTrace()
      .call(40, 'publish', 7, -2, { ...PUBLISH, qos: 0 })
      .enter(45, 'request', 7, 0);
  const sent = () => done().up(50, publishPacket({ qos: 0 }));

  expect(proofs(judgeTrace([successMeansSent], done().up(60, barePacket('DISCONNECT')).fin(61, 'up')))).toEqual([
    [12, 14, 15],
  ]);
  expect(found(successMeansSent, done().fin(60, 'up'))).toBe(1);
  expect(keptBy(successMeansSent, sent().up(60, barePacket('DISCONNECT')).fin(61, 'up'))).toBe(1);
  expect(keptBy(successMeansSent, done().fin(60, 'down').fin(61, 'up'))).toBe(0);
  const afterEnd = connectedTrace()
    .fin(38, 'down')
    .call(40, 'publish', 7, -2, { ...PUBLISH, qos: 0 })
    .enter(45, 'request', 7, 0);
  expect(keptBy(successMeansSent, afterEnd.fin(60, 'up'))).toBe(0);
});

test('CB-15: of several publishes each is waited for', () => {
  const two = connectedTrace()
    .call(40, 'publish', 7, -2, { ...PUBLISH, qos: 0 })
    .enter(45, 'request', 7, 0)
    .call(46, 'publish', 8, -2, { ...PUBLISH, payload: 'other', qos: 0 })
    .enter(48, 'request', 8, 0)
    .up(50, publishPacket({ payload: 'other', qos: 0 }));

  expect(judgeTrace([successMeansSent], two.sync(300))).toMatchObject({
    findings: [{ rule: 'CB-15' }],
    exercised: { 'CB-15': 2 },
  });
});

test('CB-09: a callback from inside its own function is found, one that preempts it from another task is not', () => {
  const early = (task: number) =>
    connectedTrace()
      .request(40, 'publish', 7, PUBLISH)
      .begin(41, 'publish', 7)
      .enter(42, 'request', 7, 0, { task })
      .ret(43, 'publish', 7, -2);

  expect(proofs(judgeTrace([returnComesFirst], early(1)))).toEqual([[12, 13]]);
  expect(keptBy(returnComesFirst, early(2))).toBe(2);
});

test('CB-16: a call without a callback that is refused for another reason than the NULL is found', () => {
  const without = (ret: number) => connectedTrace().call(40, 'publish', 7, ret, { ...PUBLISH, cb: false });

  expect(found(nullCallbackIsTaken, without(-8))).toBe(1);
  expect(keptBy(nullCallbackIsTaken, without(-1))).toBe(1);
  expect(keptBy(nullCallbackIsTaken, without(-2))).toBe(1);
});

test('CB-16: where there is no session, and where a callback is passed, a refusal says nothing about NULL', () => {
  expect(keptBy(nullCallbackIsTaken, initialisedTrace().call(40, 'publish', 7, -6, { ...PUBLISH, cb: false }))).toBe(0);
  expect(keptBy(nullCallbackIsTaken, connectedTrace().call(40, 'publish', 7, -8, PUBLISH))).toBe(0);
});

test('CB-17: a message that changes while its callback runs is found, one that stays keeps the rule', () => {
  const left = (members: Readonly<Record<string, unknown>>) =>
    connectedTrace()
      .incoming(50, 4)
      .module(51, { k: 'leave', cb: 'inpub', enter: 6, task: 2, ...members });

  expect(found(messageOutlivesCallback, left({ intact: false }))).toBe(1);
  expect(keptBy(messageOutlivesCallback, left({ intact: true }))).toBe(1);
  expect(keptBy(messageOutlivesCallback, left({}))).toBe(0);
});

test('CB-18: a call inside a callback that does not return is found, one that does keeps the rule', () => {
  const inside = () => connectedTrace().request(40, 'publish', 7, PUBLISH).begin(41, 'publish', 7, { task: 2, in: 5 });

  expect(found(callsInCallbacksReturn, inside().sync(547))).toBe(1);
  expect(keptBy(callsInCallbacksReturn, inside().ret(42, 'publish', 7, -2, { task: 2 }).sync(9000))).toBe(1);
  expect(keptBy(callsInCallbacksReturn, connectedTrace().call(40, 'publish', 7, -2, PUBLISH).sync(9000))).toBe(0);
});
