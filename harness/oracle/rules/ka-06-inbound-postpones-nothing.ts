import type { EventOf } from '../../timeline/events.ts';
import { type Gap, gapAfter, gapOf, isTooLong } from '../keep-alive-gap.ts';
import type { ConnectionRecord } from '../narration.ts';
import { rule } from '../rule.ts';
import { breach, undecided } from '../step.ts';

type Asked = `frame up ${'CONNECT' | 'PINGREQ'}`;
type Over = `frame ${'up' | 'down'} DISCONNECT` | 'fin' | 'tcp-close';

/**
 * The keep-alive counts the client's own packets: what it receives does not postpone its PINGREQ. [MQTT-3.1.2-23]
 *
 * KA-01 finds any gap that is too long; this one tells that messages to the module stretched it.
 */
export const inboundPostponesNothing = rule<Gap, Asked | Over>({
  id: 'KA-06',
  clause: 'MQTT-3.1.2-23',
  says: 'messages to the module do not postpone its PINGREQ beyond the keep-alive',
  on: ['frame up CONNECT', 'frame up PINGREQ', 'frame up DISCONNECT', 'frame down DISCONNECT', 'fin', 'tcp-close'],
  key: ({ event }) => event.conn,
  step(_, { event, connection }, context) {
    if (event.k !== 'frame' || event.packet.type === 'DISCONNECT' || connection === undefined) return undecided();
    const state = gapOf(connection, context);
    const isTried = state !== undefined && inboundSince(connection, connection.lastUpBefore) !== undefined;
    return isTried && event.packet.type === 'PINGREQ' ? { state, exercised: 1 } : { state };
  },
  deadline: ({ dueMs }) => dueMs,
  expire(gap, context) {
    const { connection, keepAliveMs, last } = gap;
    if (connection.isDisturbed || connection.closed !== undefined) return undecided();
    const state = gapAfter(gap, context);
    const inbound = inboundSince(connection, last);
    if (!isTooLong(gap) || inbound === undefined) return { state };
    const message = `messages kept the module from its PINGREQ for ${keepAliveMs} ms + ${context.deadlines.quietMs} ms`;
    return breach(message, [last.n, inbound.n], state);
  },
});

/** The newest message to the module, if it came after that packet. */
function inboundSince(
  { lastInbound }: ConnectionRecord,
  packet: EventOf<'frame'> | undefined,
): EventOf<'frame'> | undefined {
  return packet !== undefined && lastInbound !== undefined && lastInbound.n > packet.n ? lastInbound : undefined;
}
