import { expect, test } from '@jest/globals';
import { createJudge } from '../judge.ts';
import { ackPacket, publishPacket } from '../packets.ts';
import { connectedTrace, TRACE_HEADER, type Trace } from '../trace-builder.ts';
import type { Verdict } from '../verdict.ts';
import { allRelations } from './all-relations.ts';
import { HEAP_AT_END } from './mm-04-again-is-the-same.ts';

type Play = (trace: Trace, at: number) => Trace;

/** A publish at QoS 1 with its acknowledgement and callback. */
function publish(token: number, { topic = 'a/b', err = 0, payload = 'hello', slot = 0 } = {}): Play {
  return (trace, at) =>
    trace
      .call(at, 'publish', token, -2, { topic, payload, qos: 1, slot })
      .up(at + 2, publishPacket({ topic, payload, packetId: token }))
      .down(at + 3, ackPacket('PUBACK', token))
      .enter(at + 4, 'request', token, err, { slot });
}

function judged(trace: Trace): Verdict {
  const judge = createJudge(TRACE_HEADER, [], () => 'inferred', { relations: allRelations });
  for (const event of trace.sync(300).host(300, { k: 'phase', phase: 'end' }).events) judge.see(event);
  return judge.end();
}

function both(relation: string, first: Play, second: Play): Verdict {
  const mark = (trace: Trace, at: number, nth: number, act: string) =>
    trace.host(at, { k: 'situation', relation, nth, act });
  let trace = mark(connectedTrace(), 40, 1, 'begin');
  trace = mark(first(trace, 50), 140, 1, 'end');
  trace = mark(trace, 150, 2, 'begin');
  trace = mark(second(trace, 160), 240, 2, 'end');
  return judged(trace);
}

function then(...plays: readonly Play[]): Play {
  return (trace, at) => plays.reduce((sum, play, index) => play(sum, at + 10 * index), trace);
}

test.each(['MM-01', 'MM-02', 'MM-04'])('%s: the same story keeps it, whatever its tokens and packet ids', (id) => {
  expect(both(id, publish(7), publish(8))).toMatchObject({ findings: [], exercised: { [id]: 1 } });
});

test.each(['MM-01', 'MM-02', 'MM-04'])('%s: another callback, and another packet, are found with both events', (id) => {
  const verdict = both(id, publish(7), publish(8, { err: -9, payload: 'hell' }));

  expect(verdict.findings).toMatchObject([
    { rule: id, message: expect.stringContaining('request callback -9'), events: [13, 21] },
    { rule: id, message: expect.stringContaining('4 bytes'), events: [15, 23] },
  ]);
});

test('MM-03: another client’s story is no difference, its effect on the client that lives within is', () => {
  const born: Play = (trace, at) => trace.call(at, 'init', 50, 0, { slot: 2 });
  const beside: Play = (trace, at) => trace.call(at, 'publish', 91, -6, { slot: 1, topic: 'aside', qos: 0 });
  const refused: Play = (trace, at) => trace.call(at, 'publish', 92, -6, { slot: 2, topic: 'a/b', qos: 1 });

  expect(both('MM-03', born, then(beside, born)).findings).toEqual([]);
  expect(both('MM-03', born, then(beside, born, refused)).findings).toHaveLength(1);
});

test('MM-04: heap that does not come back, and a further task, are found', () => {
  const heap = (value: number): Play => {
    return (trace, at) => trace.host(at, { k: 'measure', name: HEAP_AT_END, unit: 'bytes', value });
  };
  const onTask =
    (task: number): Play =>
    (trace, at) =>
      trace.exception(at, { task });

  expect(both('MM-04', heap(50_000), heap(47_951)).findings).toMatchObject([{ message: 'it took 2049 bytes of heap' }]);
  expect(both('MM-04', heap(50_000), heap(47_952)).findings).toEqual([]);
  expect(both('MM-04', onTask(2), onTask(3)).findings).toHaveLength(1);
});

test('MM-06: another order is no difference, another answer is', () => {
  const [a, b] = [publish(7, { topic: 'one' }), publish(8, { topic: 'other' })];

  expect(
    both('MM-06', then(a, b), then(publish(9, { topic: 'other' }), publish(10, { topic: 'one' }))).findings,
  ).toEqual([]);
  expect(
    both('MM-06', then(a, b), then(publish(9, { topic: 'other', err: 5 }), publish(10, { topic: 'one' }))).findings,
  ).toHaveLength(1);
});

test('a situation without its counterpart proves nothing', () => {
  const trace = connectedTrace()
    .host(40, { k: 'situation', relation: 'MM-01', nth: 1, act: 'begin' })
    .host(50, { k: 'situation', relation: 'MM-01', nth: 1, act: 'end' });

  expect(judged(trace)).toMatchObject({ outcome: 'inconclusive', why: expect.stringContaining('MM-01') });
});

test('relations say how the second situation differs, each under its own id', () => {
  expect(allRelations.map(({ id }) => id)).toEqual(['MM-01', 'MM-02', 'MM-03', 'MM-04', 'MM-06']);
  expect(allRelations.every(({ says, differs }) => says !== '' && differs !== '')).toBe(true);
});
