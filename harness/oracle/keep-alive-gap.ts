import type { EventOf } from '../timeline/events.ts';
import type { ConnectionRecord } from './narration.ts';
import type { RuleContext } from './rule.ts';

/** The time since the module's last packet on a connection with a keep-alive. */
export interface Gap {
  readonly connection: ConnectionRecord;
  readonly keepAliveMs: number;
  /** The module's packet that the gap began with. */
  readonly last: EventOf<'frame'>;
  /** When it is too long, or is looked at again. */
  readonly dueMs: number;
  /** It was too long before; it lasts. */
  readonly isTold: boolean;
}

/** The keep-alive that a connection's CONNECT asks for, ms; 0 for none. */
export function keepAliveMsOf({ connect }: ConnectionRecord): number {
  return connect?.packet.type === 'CONNECT' ? connect.packet.keepAliveS * 1000 : 0;
}

/** The gap that a connection's newest packet begins; undefined without a keep-alive. */
export function gapOf(connection: ConnectionRecord, { deadlines, epsilonMs }: RuleContext): Gap | undefined {
  const { lastUp: last } = connection;
  const keepAliveMs = keepAliveMsOf(connection);
  if (last === undefined || keepAliveMs === 0) return undefined;
  const dueMs = last.at + keepAliveMs + deadlines.quietMs + epsilonMs;
  return { connection, keepAliveMs, last, dueMs, isTold: false };
}

/** Whether the module has sent nothing since, and nobody has told. */
export function isTooLong({ connection, last, isTold }: Gap): boolean {
  return connection.lastUp === last && !isTold;
}

/** The gap to look at once this one was due: that of a newer packet, or the same until there is one. */
export function gapAfter(gap: Gap, context: RuleContext): Gap | undefined {
  if (gap.connection.lastUp !== gap.last) return gapOf(gap.connection, context);
  return { ...gap, dueMs: gap.dueMs + gap.keepAliveMs, isTold: true };
}
