import { expect, test } from '@jest/globals';

import { ackPacket, publishPacket } from '../oracle/packets.ts';
import { connectedTrace } from '../oracle/trace-builder.ts';
import { proof, stretchOf } from './proof.ts';

const PUBLISH = { topic: 'a/b', payload: 'hello there!', qos: 1 };

test('a proof is the stretch between its events, a line each, those that it cites marked', () => {
  const trace = connectedTrace()
    .call(40, 'publish', 7, -2, PUBLISH)
    .up(42.25, publishPacket({ packetId: 7, payload: 'hello there!' }))
    .down(45, ackPacket('PUBACK', 7), { held: true })
    .enter(50, 'request', 7, 0);
  const [returned, called] = [trace.last - 3, trace.last];

  expect(proof(trace.events, { events: [returned, called] }).split('\n')).toEqual([
    '► 41.0 ms  module  publish #7 returns -2 MQTTCLIENT_WOUNDBLOCK',
    '  42.3 ms  broker  ▲ PUBLISH q1 id 7 "a/b" 12 bytes',
    '  45.0 ms  broker  ▼ PUBACK id 7, held',
    '► 50.0 ms  module  request callback #7 err 0',
  ]);
});

test('what happened in between is shown by its first and last events', () => {
  const trace = connectedTrace();
  const from = trace.last;
  for (let at = 100; at < 120; at++) trace.exception(at);

  const lines = proof(trace.events, { events: [from, trace.last] }).split('\n');

  expect(lines).toHaveLength(1 + 3 + 1 + 3 + 1);
  expect(lines[4]).toContain('… 13 more');
});

test('clock measurements and other asides are left out, unless they are cited', () => {
  const trace = connectedTrace().sync(40).exception(50);

  expect(proof(trace.events, { events: [trace.last - 2, trace.last] }).split('\n')).toHaveLength(2);
  expect(proof(trace.events, { events: [trace.last - 1, trace.last] }).split('\n')).toHaveLength(2);
});

test('a finding without events has no stretch and no proof', () => {
  expect(stretchOf({ events: [] })).toBeUndefined();
  expect(proof(connectedTrace().events, { events: [] })).toBe('');
  expect(stretchOf({ events: [9, 4, 6] })).toEqual({ from: 4, to: 9 });
});
