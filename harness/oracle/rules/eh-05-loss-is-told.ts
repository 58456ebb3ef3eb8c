import type { EventOf } from '../../timeline/events.ts';
import type { ConnectionRecord, SlotRecord } from '../narration.ts';
import { rule, type Seen } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** The broker has ended the connection of a session that is up. */
interface Lost {
  readonly n: number;
  readonly slot: SlotRecord;
  readonly connection: ConnectionRecord | undefined;
  readonly session: number;
  readonly dueMs: number;
}

/** A session whose connection the broker ends is broken off, and that is told. [manual 3.3.2.3] */
export const lossIsTold = rule<Lost, 'fin' | 'tcp-close' | 'enter' | 'ret'>({
  id: 'EH-05',
  clause: 'M-6.exception',
  says: 'the exception callback follows when the broker ends the connection of a session',
  on: ['fin', 'tcp-close', 'enter', 'ret'],
  opens: ['fin', 'tcp-close'],
  key: connOf,
  step(lost, { event, slot, connection }, { deadlines }) {
    if (event.k === 'enter' || event.k === 'ret') {
      if (lost !== undefined && event.k === 'enter' && event.cb === 'exception') return kept();
      // An application that ends the session itself gets no exception any more.
      return undecided(endsSession(event) ? undefined : lost);
    }
    const isByBroker = event.k === 'fin' ? event.dir === 'down' : event.by === 'broker';
    const isUp = slot?.state === 'connected' && slot.connect?.connection === connection;
    const hasCallback = slot?.connect?.params['exceptionCb'] !== false;
    if (lost !== undefined || !isByBroker || slot === undefined || !isUp || !hasCallback) return undecided(lost);
    return { state: { n: event.n, slot, connection, session: slot.sessions, dueMs: event.at + deadlines.closeMs } };
  },
  deadline: ({ dueMs }) => dueMs,
  expire({ n, slot, connection, session }, { deadlines }) {
    if (slot.state !== 'connected' || slot.sessions !== session) return undecided();
    // What the broker did may never have reached the module.
    if (connection?.isDisturbed === true) return undecided();
    return breach(`no exception callback came in ${deadlines.closeMs} ms after the broker had ended the connection`, [
      n,
    ]);
  },
});

function connOf({ event, slot }: Seen<EventOf<'fin' | 'tcp-close' | 'enter' | 'ret'>>): number | undefined {
  return event.k === 'fin' || event.k === 'tcp-close' ? event.conn : slot?.connect?.connection?.conn;
}

function endsSession(event: EventOf<'enter' | 'ret'>): boolean {
  if (event.k === 'enter') return event.cb === 'disconnect' || event.cb === 'connect';
  return (event.fn === 'disconnect' || event.fn === 'deinit') && (event.ret === 0 || event.ret === -2);
}
