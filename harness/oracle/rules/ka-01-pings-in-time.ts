import type { ConnectionRecord } from '../narration.ts';
import { type RuleContext, rule } from '../rule.ts';
import { breach, undecided } from '../step.ts';

interface Line {
  readonly connection: ConnectionRecord;
  readonly keepAliveMs: number;
  readonly last: number;
  readonly dueMs: number;
}

/**
 * No more than the keep-alive passes between two packets of the module. [MQTT-3.1.2-23]
 *
 * Measured where they arrive; what the way may add is the quiet time.
 */
export const pingsInTime = rule<Line, 'frame up' | 'fin' | 'tcp-close'>({
  id: 'KA-01',
  clause: 'MQTT-3.1.2-23',
  says: 'with a keep-alive above 0 no more than it passes between two packets of the module',
  on: ['frame up', 'fin', 'tcp-close'],
  key: ({ event }) => (event.k === 'fin' && event.dir === 'down' ? undefined : event.conn),
  step(line, { event, connection }, { deadlines, epsilonMs }) {
    if (event.k !== 'frame' || event.packet.type === 'DISCONNECT' || connection === undefined) return undecided();
    const keepAliveMs = line?.keepAliveMs ?? keepAliveOf(connection);
    if (keepAliveMs === 0) return undecided();
    const dueMs = event.at + keepAliveMs + deadlines.quietMs + epsilonMs;
    const state = { connection, keepAliveMs, last: event.n, dueMs };
    return event.packet.type === 'PINGREQ' ? { state, exercised: 1 } : { state };
  },
  deadline: ({ dueMs }) => dueMs,
  expire({ connection, keepAliveMs, last }: Line, { deadlines }: RuleContext) {
    if (connection.isDisturbed || connection.closed !== undefined) return undecided();
    const message = `no packet for ${keepAliveMs} ms + ${deadlines.quietMs} ms with a keep-alive of ${keepAliveMs / 1000} s`;
    return breach(message, [last]);
  },
});

function keepAliveOf({ connect }: ConnectionRecord): number {
  return connect?.packet.type === 'CONNECT' ? connect.packet.keepAliveS * 1000 : 0;
}
