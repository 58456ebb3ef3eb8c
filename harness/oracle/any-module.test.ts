import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ackPacket, connackPacket, connectPacket, publishPacket } from './packets.ts';
import { allRules } from './rules/all-rules.ts';
import { connectedTrace, type EnterOptions, judgeTrace, Trace } from './trace-builder.ts';

/*
 * Timelines of modules that do anything at all, some of it sound.
 */

type Act = (trace: Trace, at: number) => Trace;

const MOST_ACTS = 60;
const MOST_STEP_MS = 800;
const PUBLISH = { topic: 'a/b', payload: 'hello', qos: 1 };

const token = fc.integer({ min: 1, max: 5 });
const slot = fc.integer({ min: -1, max: 2 });
const code = fc.constantFrom(0, -2, -1, -6, 7);
const conn = fc.integer({ min: 1, max: 3 });
const answer = fc.constantFrom('connect', 'request', 'disconnect');
const packet = fc.oneof(
  fc.constant(connectPacket()),
  fc.constantFrom(connackPacket(), connackPacket(5), connackPacket(0, true)),
  fc
    .record({ packetId: fc.integer({ min: 0, max: 2 }), qos: fc.integer({ min: 0, max: 3 }), dup: fc.boolean() })
    .map(publishPacket),
  fc.constantFrom('PUBACK', 'PUBREC', 'PUBREL', 'PUBCOMP', 'UNSUBACK').map((type) => ackPacket(type, 1)),
);
const fn = fc.constantFrom(
  'init',
  'connect',
  'publish',
  'sub_unsub',
  'disconnect',
  'deinit',
  'is_connected',
  'set_inpub_callback',
  'onenet_token',
);

/** Mostly sound: what is not has one fault. */
const params = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Readonly<Record<string, unknown>>>(
      { topic: null },
      { topic: '' },
      { topic: 'a/#' },
      { topic: 'a/+b' },
      { topic: 'a\0b' },
      { topic: { hex: '2b' } },
      { payload: null },
      { qos: 3 },
      { qos: -1 },
      { cb: false },
      { client: 'null' },
      { client: { slot: 1 } },
      { client: { value: 9 } },
      { sub: 0 },
    ),
  },
);
const told: fc.Arbitrary<EnterOptions> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<EnterOptions>(
      { slot: 1 },
      { slot: -1 },
      { handle: 2 },
      { client: 'other' },
      { client: 'foreign' },
      { client: 'null' },
      { task: 1 },
    ),
  },
);

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(fn, token, slot, code, params).map(([name, t, s, ret, given]): Act => {
    return (trace, at) => trace.call(at, name, t, ret, { ...PUBLISH, slot: s, host: 'mqtt://h', ...given });
  }),
  // A request of the client that there mostly is, and its callback, of which anything may be wrong.
  fc.tuple(fc.constantFrom('publish', 'sub_unsub', 'disconnect'), token, code, params, code, told).map(
    ([name, t, ret, given, result, options]): Act =>
      (trace, at) =>
        trace
          .call(at, name, t, ret, { ...PUBLISH, ...given })
          .enter(at + 2, name === 'disconnect' ? name : 'request', t, result, options),
  ),
  fc.tuple(token, told).map(([t, options]): Act => {
    return (trace, at) => trace.call(at, 'set_inpub_callback', t, 0).incoming(at + 2, t, {}, options);
  }),
  fc.tuple(fn, token, code).map(
    ([name, t, ret]): Act =>
      (trace, at) =>
        trace.ret(at, name, t, ret),
  ),
  fc.tuple(answer, token, code, slot).map(
    ([cb, t, result, s]): Act =>
      (trace, at) =>
        trace.enter(at, cb, t, result, { slot: s }),
  ),
  slot.map(
    (s): Act =>
      (trace, at) =>
        trace.exception(at, { slot: s }),
  ),
  fc.tuple(token, told).map(
    ([t, options]): Act =>
      (trace, at) =>
        trace.incoming(at, t, {}, options),
  ),
  conn.map(
    (c): Act =>
      (trace, at) =>
        trace.open(at, c),
  ),
  fc.tuple(conn, packet).map(
    ([c, p]): Act =>
      (trace, at) =>
        trace.up(at, p, { conn: c }),
  ),
  fc.tuple(conn, packet, fc.boolean()).map(
    ([c, p, held]): Act =>
      (trace, at) =>
        trace.down(at, p, { conn: c, held }),
  ),
  conn.map(
    (c): Act =>
      (trace, at) =>
        trace.close(at, 'module', c),
  ),
  fc.constant((trace: Trace, at: number) => trace.sync(at)),
  fc.constant((trace: Trace, at: number) => trace.host(at, { k: 'boot', id: 'x', cause: 'panic', announced: false })),
);

/** Begins with nothing at all, or with a client that is connected. */
const anyTrace: fc.Arbitrary<Trace> = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(act, fc.integer({ min: 0, max: MOST_STEP_MS })), { maxLength: MOST_ACTS }))
  .map(([isConnected, acts]) => {
    const trace = isConnected ? connectedTrace() : new Trace();
    let at = trace.events.at(-1)?.at ?? 0;
    for (const [play, stepMs] of acts) {
      at += stepMs;
      play(trace, at);
    }
    return trace;
  });

test('whatever a module does, no rule throws, misses what it is spared, or cites events that were not', () => {
  fc.assert(
    fc.property(anyTrace, (trace) => {
      const { bugs, findings } = judgeTrace(allRules, trace);

      expect(bugs).toEqual([]);
      for (const { events } of findings) {
        expect(events.length).toBeGreaterThan(0);
        for (const n of events) expect(n >= 1 && n <= trace.last).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
