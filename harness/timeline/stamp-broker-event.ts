import type { BrokerEvent, FrameSeen } from '../../broker/events.ts';
import type { BrokerTimelineEvent } from './events.ts';

/** A broker's event as the timeline keeps it. Frames come in bursts and are put together member by member: V8 copies an object forty times as slowly. */
export function stampBrokerEvent(event: BrokerEvent, n: number, at: number): BrokerTimelineEvent {
  if (event.k === 'frame' && isPlain(event)) {
    const { conn, dir, frame, length, hex, packet, lint } = event;
    return { n, at, src: 'broker', k: 'frame', conn, dir, frame, length, hex, packet, lint };
  }
  if (event.k === 'message') {
    const { from, topic, payload, qos, retain } = event;
    return { n, at, src: 'broker', k: 'message', from, topic, payload, qos, retain };
  }
  // The spread comes before nothing: members that are added after it cost twenty times as much.
  const stamped = { n, src: 'broker' as const, ...event };
  stamped.at = at;
  return stamped;
}

function isPlain({ defects, injected, held }: FrameSeen): boolean {
  return defects === undefined && injected === undefined && held === undefined;
}
