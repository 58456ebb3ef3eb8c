import { expect, test } from '@jest/globals';
import { ackPacket, publishPacket } from '../packets.ts';
import { connectedTrace, judgeTrace, type Trace } from '../trace-builder.ts';
import { howLongCallsTake } from './ob-02-how-long-calls-take.ts';

const PUBLISH = { topic: 'a/b', payload: 'hello', qos: 1 };

/** What was measured, by name. */
function measuredIn(trace: Trace): Readonly<Record<string, readonly number[]>> {
  const { measurements } = judgeTrace([howLongCallsTake], trace);
  return Object.fromEntries(measurements.map(({ name, samples }) => [name, samples]));
}

test('OB-02: calls are measured to their return and to the callback that tells of success', () => {
  const trace = connectedTrace().call(40, 'publish', 3, -2, PUBLISH);

  trace
    .up(45, publishPacket({ qos: 1, packetId: 7 }))
    .down(50, ackPacket('PUBACK', 7))
    .enter(61, 'request', 3, 0);

  expect(measuredIn(trace)).toEqual({
    'init returns': [0.5],
    'connect returns': [0.5],
    'connect without TLS succeeds': [19.5],
    'publish returns': [0.5],
    'publish of QoS 1 succeeds': [20.5],
  });
});

test('OB-02: neither a refusal nor a failure nor a second callback is a measure of success', () => {
  const trace = connectedTrace().call(40, 'publish', 3, -1, PUBLISH).call(50, 'publish', 4, -2, PUBLISH);

  trace.enter(60, 'request', 4, 257).enter(70, 'request', 4, 0);

  expect(measuredIn(trace)).not.toHaveProperty('publish of QoS 1 succeeds');
  expect(measuredIn(trace)['publish returns']).toHaveLength(1);
});

test('OB-02: a connection that a fault has touched is not measured', () => {
  const trace = connectedTrace().broker(35, { k: 'fault', fault: 'slow', act: 'fired', conn: 1 });

  trace.call(40, 'publish', 3, -2, PUBLISH).enter(60, 'request', 3, 0);

  expect(Object.keys(measuredIn(trace))).not.toContain('publish returns');
});

test('OB-02: a message is measured from when it was sent, once', () => {
  const trace = connectedTrace().call(40, 'set_inpub_callback', 3, 0);

  trace
    .down(50, publishPacket({ qos: 1, packetId: 9 }))
    .incoming(53, 3, { pktId: 9 })
    .incoming(59, 3, { pktId: 9 });

  expect(measuredIn(trace)['message of QoS 1 is brought']).toEqual([3]);
});
