import { keepAliveMsOf } from '../keep-alive-gap.ts';
import type { ConnectionRecord } from '../narration.ts';
import { rule, type Seen } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { type EventOn, TURNS, type Turn } from '../topic.ts';

type OnLine = `frame ${'up PINGREQ' | 'down PINGRESP' | 'up DISCONNECT' | 'down DISCONNECT'}` | 'tcp-close';
type OfSession = Turn | 'ret disconnect' | 'ret deinit';

/** A PINGREQ that has not been answered. */
interface Unanswered {
  readonly n: number;
  readonly connection: ConnectionRecord;
  readonly boundMs: number;
  readonly dueMs: number;
}

/**
 * A PINGREQ that is not answered ends the session with an exception, even if TCP still acknowledges. [manual 3.3.2.3; MQTT 3.1.1, 3.1.2.10]
 *
 * That the connection is closed too is ST-06's.
 */
export const missingPingrespIsTold = rule<Unanswered, OnLine | OfSession>({
  id: 'KA-04',
  clause: 'M-6.keep-alive-timeout',
  says: 'an unanswered PINGREQ is followed by the exception callback within 1.5 keep-alives and the time for PINGRESP',
  on: [
    'frame up PINGREQ',
    'frame down PINGRESP',
    'frame up DISCONNECT',
    'frame down DISCONNECT',
    'tcp-close',
    ...TURNS,
    'ret disconnect',
    'ret deinit',
  ],
  key: connOf,
  step(unanswered, { event, connection }, { deadlines }) {
    if (event.k === 'frame') {
      if (event.packet.type === 'PINGRESP') return undecided(event.held === true ? unanswered : undefined);
      if (event.packet.type === 'DISCONNECT') return undecided();
      if (unanswered !== undefined || connection === undefined) return undecided(unanswered);
      const boundMs = 1.5 * keepAliveMsOf(connection) + deadlines.pingMs;
      return { state: { n: event.n, connection, boundMs, dueMs: event.at + boundMs } };
    }
    if (unanswered === undefined) return undecided();
    // A module that gives up closes first and tells then.
    if (event.k === 'tcp-close') return undecided(event.by === 'broker' ? undefined : unanswered);
    if (event.k === 'enter' && event.cb === 'exception') return kept();
    return undecided(endsSession(event) ? undefined : unanswered);
  },
  deadline: ({ dueMs }) => dueMs,
  expire({ n, boundMs }) {
    return breach(`no exception callback came in ${boundMs} ms after an unanswered PINGREQ`, [n]);
  },
});

function connOf({ event, slot }: Seen<EventOn<OnLine | OfSession>>): number | undefined {
  if (event.k === 'frame' || event.k === 'tcp-close') return event.conn;
  return slot?.connect?.connection?.conn;
}

function endsSession(event: EventOn<OfSession>): boolean {
  if (event.k === 'enter') return event.cb === 'disconnect' || event.cb === 'connect';
  return event.ret === 0 || event.ret === -2;
}
