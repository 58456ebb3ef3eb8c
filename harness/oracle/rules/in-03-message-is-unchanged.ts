import { sameBytes } from '../argument.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

const NOTHING = { length: 0, crc32: 0 };

/** An incoming callback brings topic and payload byte for byte as they were on the wire. [manual 3.3.6.1] */
export const messageIsUnchanged = rule({
  id: 'IN-03',
  clause: 'M-13.incoming',
  says: 'topic, payload and length of an incoming callback equal those of the PUBLISH',
  on: ['enter inpub'],
  step(_, { event, inbound }) {
    if (inbound === undefined) return undecided();
    const { packet, n } = inbound.frame;
    if (packet.type !== 'PUBLISH') return undecided();
    // A NULL pointer is as good as any for nothing at all.
    const payload = event.payload ?? NOTHING;
    const topic = event.topic ?? NOTHING;
    if (!sameBytes(packet.topic, topic))
      return breach('incoming callback with another topic than the PUBLISH', [n, event.n]);
    if (packet.payload.length !== payload.length) {
      const message = `incoming callback with ${payload.length} bytes of a payload of ${packet.payload.length}`;
      return breach(message, [n, event.n]);
    }
    return sameBytes(packet.payload, payload) ? kept() : breach('incoming callback with other bytes', [n, event.n]);
  },
});
