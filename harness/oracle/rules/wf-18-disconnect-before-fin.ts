import type { Direction } from '../../../broker/events.ts';
import type { EventOf } from '../../timeline/events.ts';
import type { ConnectionRecord } from '../narration.ts';
import { rule, type Step } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** A disconnect call was accepted on this connection; its DISCONNECT is owed. */
interface Owed {
  readonly returned: EventOf<'ret'>;
  readonly connection: ConnectionRecord;
  readonly dueMs: number;
}

/**
 * `ql_mqtt_disconnect` in a session puts DISCONNECT on the wire before the connection ends. [manual 3.3.5]
 *
 * The wire may be seen before the return is heard, so either may come first.
 */
export const disconnectBeforeFin = rule<Owed, 'ret disconnect' | `frame ${Direction} DISCONNECT` | 'tcp-close'>({
  id: 'WF-18',
  clause: 'M-12.disconnect-packet',
  says: 'a disconnect that was accepted while connected sends DISCONNECT before the connection is closed',
  on: ['ret disconnect', 'frame up DISCONNECT', 'frame down DISCONNECT', 'tcp-close'],
  key({ event, call, connection, slot }) {
    if (event.k !== 'ret') return connection?.conn;
    const isOrderly = call?.stateAtBegin === 'connected' && (event.ret === 0 || event.ret === -2);
    return isOrderly ? slot?.connect?.connection?.conn : undefined;
  },
  step(owed, { event, slot }, { deadlines }) {
    const connection = slot?.connect?.connection;
    if (event.k === 'frame') return owed === undefined ? undecided() : kept();
    if (event.k === 'tcp-close') return owed === undefined ? undecided() : closed(owed, event);
    if (connection === undefined) return undecided(owed);
    if (connection.disconnect !== undefined) return kept();
    const opened = { returned: event, connection, dueMs: event.at + deadlines.closeMs };
    return connection.closed === undefined ? { state: opened } : closed(opened, connection.closed);
  },
  deadline: ({ dueMs }) => dueMs,
  expire({ returned, connection }, { deadlines }) {
    if (connection.isDisturbed) return undecided();
    return breach(`disconnect was accepted and no DISCONNECT came in ${deadlines.closeMs} ms`, [returned.n]);
  },
});

function closed({ returned, connection }: Owed, close: EventOf<'tcp-close'>): Step<Owed> {
  if (close.by === 'broker' || connection.isDisturbed) return undecided();
  const events = [returned.n, close.n].toSorted((a, b) => a - b);
  return breach('the module closed the connection after disconnect without a DISCONNECT', events);
}
