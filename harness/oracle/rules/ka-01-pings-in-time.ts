import { type Gap, gapAfter, gapOf, isTooLong } from '../keep-alive-gap.ts';
import { rule } from '../rule.ts';
import { breach, undecided } from '../step.ts';

/**
 * No more than the keep-alive passes between two packets of the module. [MQTT-3.1.2-23]
 *
 * Measured where they arrive; what the way may add is the quiet time.
 */
export const pingsInTime = rule<Gap, `frame up ${'CONNECT' | 'PINGREQ' | 'DISCONNECT'}` | 'fin' | 'tcp-close'>({
  id: 'KA-01',
  clause: 'MQTT-3.1.2-23',
  says: 'with a keep-alive above 0 no more than it passes between two packets of the module',
  on: ['frame up CONNECT', 'frame up PINGREQ', 'frame up DISCONNECT', 'fin', 'tcp-close'],
  key: ({ event }) => (event.k === 'fin' && event.dir === 'down' ? undefined : event.conn),
  step(_, { event, connection }, context) {
    if (event.k !== 'frame' || event.packet.type === 'DISCONNECT' || connection === undefined) return undecided();
    const state = gapOf(connection, context);
    return state !== undefined && event.packet.type === 'PINGREQ' ? { state, exercised: 1 } : { state };
  },
  deadline: ({ dueMs }) => dueMs,
  expire(gap, context) {
    const { connection, keepAliveMs, last } = gap;
    if (connection.isDisturbed || connection.closed !== undefined) return undecided();
    const state = gapAfter(gap, context);
    if (!isTooLong(gap)) return { state };
    const { quietMs } = context.deadlines;
    const message = `no packet for ${keepAliveMs} ms + ${quietMs} ms with a keep-alive of ${keepAliveMs / 1000} s`;
    return breach(message, [last.n], state);
  },
});
