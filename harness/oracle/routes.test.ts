import { expect, test } from '@jest/globals';
import { Narrator } from './narrator/narrator.ts';
import { ackPacket, barePacket, publishPacket } from './packets.ts';
import { Routes } from './routes.ts';
import type { Topic } from './topic.ts';
import { connectedTrace, Trace } from './trace-builder.ts';

interface Asking {
  readonly on: readonly Topic[];
  readonly opens?: readonly Topic[];
  readonly spared?: readonly Topic[];
}

const asking = (...on: readonly Topic[]): Asking => ({ on });

/** For each event of a trace, which of the subscribers get it. */
function takers(subscribers: readonly Asking[], trace: Trace): readonly (readonly number[])[] {
  const routes = new Routes(subscribers);
  return trace.events.map((event) => routes.of({ event }).map(({ subscriber }) => subscribers.indexOf(subscriber)));
}

test('frames go to those who asked for all, for their direction or for their packet type, in the order of who asks', () => {
  const asked = [
    asking('frame up PUBACK'),
    asking('frame'),
    asking('frame up', 'frame up PUBACK'),
    asking('frame down'),
  ];
  const trace = new Trace().up(1, ackPacket('PUBACK', 7)).up(2, barePacket('PINGREQ')).down(3, ackPacket('PUBACK', 7));

  expect(takers(asked, trace)).toEqual([
    [0, 1, 2],
    [1, 2],
    [1, 3],
  ]);
});

test('callbacks go by their kind, returns by their function, everything else by what it is', () => {
  const asked = [asking('enter'), asking('enter request'), asking('ret deinit', 'phase'), asking('ret')];
  const trace = new Trace()
    .enter(1, 'request', 3, 0)
    .enter(2, 'disconnect', 4, 0)
    .ret(3, 'deinit', 5, 0)
    .ret(4, 'publish', 6, -2)
    .host(5, { k: 'phase', phase: 'end' })
    .host(6, { k: 'sync' });

  expect(takers(asked, trace)).toEqual([[0, 1], [0], [2, 3], [3], [2], []]);
});

test('a word of a file that is a topic elsewhere leads nowhere', () => {
  const asked = [asking('ret')];
  const trace = new Trace().down(1, publishPacket({ qos: 0 }));
  const [event] = trace.events;
  if (event?.k !== 'frame' || event.packet.type !== 'PUBLISH') throw new Error('no PUBLISH');
  Object.assign(event.packet, { type: 'ret' });
  Object.assign(event, { dir: 'ret' });

  expect(takers(asked, trace)).toEqual([[]]);
});

test('a flawed packet goes to those who ask for flawed ones of its type as well', () => {
  const asked = [
    asking('frame up PUBACK flawed', 'frame up PUBREC flawed'),
    asking('frame up PUBACK', 'frame up PUBACK flawed'),
  ];
  const lint = [{ clause: 'MQTT-2.3.1-6', says: 'it answers nothing' }];
  const trace = new Trace()
    .up(1, ackPacket('PUBACK', 7), { lint })
    .up(2, ackPacket('PUBREC', 7), { lint })
    .up(3, ackPacket('PUBACK', 7));

  expect(takers(asked, trace)).toEqual([[0, 1], [0], [1]]);
});

test('a packet to the module goes to those who ask for odd ones if a gate holds it, or if no ordinary peer sends it', () => {
  const asked = [asking('frame down PUBACK odd'), asking('frame down')];
  const trace = new Trace()
    .down(1, ackPacket('PUBACK', 7))
    .down(2, ackPacket('PUBACK', 7), { held: true })
    .down(3, ackPacket('PUBACK', 7), { injected: true })
    .down(4, ackPacket('PUBACK', 7), { defects: [{ clause: 'MQTT-2.3.1-1', says: 'packet id 0' }] });

  expect(takers(asked, trace)).toEqual([[1], [0, 1], [0, 1], [0, 1]]);
});

test('what opens, and what only goes on with something that is open, is told apart', () => {
  const asked = [{ on: ['enter', 'ret'], opens: ['ret', 'enter request'] }] satisfies readonly Asking[];
  const routes = new Routes<Asking>(asked);
  const trace = new Trace().enter(1, 'request', 3, 0).enter(2, 'disconnect', 4, 0).ret(3, 'deinit', 5, 0);

  expect(trace.events.map((event) => routes.of({ event }).map(({ isOpening }) => isOpening))).toEqual([
    [true],
    [false],
    [true],
  ]);
});

test('what somebody is spared goes to the others, and is counted', () => {
  const asked: readonly Asking[] = [
    { on: ['enter', 'ret'], spared: ['enter request', 'ret publish pending'] },
    { on: ['enter request'] },
  ];
  const routes = new Routes(asked);
  const trace = new Trace()
    .enter(1, 'request', 3, 0)
    .enter(2, 'disconnect', 4, 0)
    .ret(3, 'publish', 5, -2)
    .ret(4, 'publish', 6, 0)
    .enter(5, 'request', 7, 0);

  const given = trace.events.map((event) => routes.of({ event }).map(({ subscriber }) => asked.indexOf(subscriber)));

  expect(given).toEqual([[1], [0], [], [0], [1]]);
  expect([routes.passed('enter request'), routes.passed('ret publish pending')]).toEqual([2, 1]);
});

test('what is ordinary is a topic within its own, also of the callbacks of a function', () => {
  const asked = [asking('enter request'), asking('enter request publish'), asking('enter request publish ordinary')];
  const routes = new Routes(asked);
  const trace = connectedTrace().call(40, 'publish', 7, -2, { topic: 'a', payload: 'b', qos: 1 });
  const narrator = new Narrator();
  const seen = trace
    .enter(50, 'request', 7, 0)
    .enter(51, 'request', 7, 0)
    .events.map((event) => narrator.see(event));

  const given = seen.slice(-2).map((one) => routes.of(one).map(({ subscriber }) => asked.indexOf(subscriber)));

  expect(given).toEqual([
    [0, 1, 2],
    [0, 1],
  ]);
});
