import type { ConnectionRecord } from '../narration.ts';
import { rule, type Step } from '../rule.ts';
import { breach, kept, UNCHANGED, undecided } from '../step.ts';

/** The time since the module's last packet on a connection with a keep-alive. */
interface Gap {
  readonly connection: ConnectionRecord;
  readonly keepAliveMs: number;
  /** The module's packet that the gap began with. */
  readonly since: number;
  /** The newest message to the module within the gap. */
  readonly inbound: number | undefined;
  readonly dueMs: number;
}

/**
 * The keep-alive counts the client's own packets: what it receives does not postpone its PINGREQ. [MQTT-3.1.2-23]
 *
 * KA-01 finds any gap that is too long; this one tells that messages to the module stretched it.
 */
export const inboundPostponesNothing = rule<
  Gap,
  'frame up' | `frame down ${'PUBLISH' | 'DISCONNECT'}` | 'fin' | 'tcp-close'
>({
  id: 'KA-06',
  clause: 'MQTT-3.1.2-23',
  says: 'messages to the module do not postpone its PINGREQ beyond the keep-alive',
  on: ['frame up', 'frame down PUBLISH', 'frame down DISCONNECT', 'fin', 'tcp-close'],
  key: ({ event }) => event.conn,
  step(gap, { event, connection }, { deadlines, epsilonMs }): Step<Gap> {
    if (event.k !== 'frame' || event.packet.type === 'DISCONNECT' || connection === undefined) return undecided();
    if (event.dir === 'down') return gap === undefined ? UNCHANGED : { state: { ...gap, inbound: event.n } };
    const keepAliveMs = gap?.keepAliveMs ?? keepAliveOf(connection);
    if (keepAliveMs === 0) return undecided();
    const dueMs = event.at + keepAliveMs + deadlines.quietMs + epsilonMs;
    const state = { connection, keepAliveMs, since: event.n, inbound: undefined, dueMs };
    return event.packet.type === 'PINGREQ' && gap?.inbound !== undefined ? kept(state) : undecided(state);
  },
  deadline: ({ dueMs }) => dueMs,
  expire({ connection, keepAliveMs, since, inbound }, { deadlines }) {
    const isOver = connection.isDisturbed || connection.closed !== undefined;
    if (isOver || inbound === undefined) return undecided();
    const message = `messages kept the module from its PINGREQ for ${keepAliveMs} ms + ${deadlines.quietMs} ms`;
    return breach(message, [since, inbound]);
  },
});

function keepAliveOf({ connect }: ConnectionRecord): number {
  return connect?.packet.type === 'CONNECT' ? connect.packet.keepAliveS * 1000 : 0;
}
