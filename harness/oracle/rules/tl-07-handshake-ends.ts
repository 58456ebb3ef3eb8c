import type { EventOf } from '../../timeline/events.ts';
import { findSsl } from '../find-ssl.ts';
import type { ConnectionRecord } from '../narration.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

interface Handshake {
  readonly opened: EventOf<'tcp-open'>;
  readonly connection: ConnectionRecord;
  readonly dueMs: number;
}

/** A module that counts whole seconds may begin anywhere in one; the rest is for the way from it to the broker. */
const BOUND_SLACK_MS = 1250;
const MS_PER_SECOND = 1000;

/**
 * A TLS handshake comes to an end: secured, failed, or given up by the module, in the time that the call sets if it sets one.
 * [ql_mqttclient.h, ssl_negotiate_timeout]
 */
export const handshakeEnds = rule<Handshake, 'tcp-open' | 'tls-secured' | 'tls-failed' | 'fin' | 'tcp-close'>({
  id: 'TL-07',
  clause: 'R-10.handshake-bounded',
  says: 'a TLS handshake is done or given up within the time for a connect, or the time that the call sets',
  on: ['tcp-open', 'tls-secured', 'tls-failed', 'fin', 'tcp-close'],
  key: ({ event, connection }) => (findSsl(connection?.connectCall) === undefined ? undefined : event.conn),
  step(handshake, { event, connection }, { deadlines }) {
    if (event.k === 'tcp-open') {
      if (connection === undefined) return undecided();
      const boundMs = Math.min(deadlines.connectMs, boundOfCallMs(connection));
      return { state: { opened: event, connection, dueMs: event.at + boundMs } };
    }
    if (handshake === undefined) return undecided();
    return event.k === 'fin' && event.dir === 'down' ? undecided(handshake) : kept();
  },
  deadline: ({ dueMs }) => dueMs,
  expire({ opened, dueMs }) {
    return breach(`a TLS handshake had not come to an end after ${dueMs - opened.at} ms`, [opened.n]);
  },
});

function boundOfCallMs({ connectCall }: ConnectionRecord): number {
  const seconds = findSsl(connectCall)?.['negotiateTimeout'];
  return typeof seconds === 'number' && seconds > 0
    ? seconds * MS_PER_SECOND + BOUND_SLACK_MS
    : Number.POSITIVE_INFINITY;
}
