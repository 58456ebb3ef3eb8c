import type { CallRecord } from '../narration.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

interface Refused {
  readonly call: CallRecord;
  readonly dueMs: number;
}

/** Codes that refuse a call before it is tried: a failed sending or a time-out come after. */
const AT_ONCE: ReadonlySet<number> = new Set([-1, -3, -4, -6, -8]);

/** A call that was refused leaves no trace on the wire. [manual 3.3.1.1] */
export const refusalSendsNothing = rule<Refused, `ret ${'publish' | 'sub_unsub' | 'disconnect'} final`>({
  id: 'RC-07',
  clause: 'M-2.error-has-no-effect',
  says: 'a call that returned an error at once sends nothing',
  on: ['ret publish final', 'ret sub_unsub final', 'ret disconnect final'],
  key: ({ event }) => (AT_ONCE.has(event.ret) ? event.token : undefined),
  step(_, { event, call, slot }, { deadlines }) {
    if (call === undefined) return undecided();
    const connection = slot?.connect?.connection;
    // Without a connection there is no way for a packet.
    if (call.wire === undefined && (connection === undefined || connection.closed !== undefined)) return kept();
    // Over one, it may still be on its way to the broker.
    return { state: { call, dueMs: event.at + deadlines.quietMs } };
  },
  deadline: ({ dueMs }) => dueMs,
  expire: decide,
  end: decide,
});

function decide({ call }: Refused) {
  if (call.wire === undefined) return kept<Refused>();
  const events = [call.wire.n, call.returned?.n].toSorted((a, b) => (a ?? 0) - (b ?? 0));
  return breach<Refused>(
    `${call.fn} returned ${call.returned?.ret ?? 'an error'} and sent ${call.wire.packet.type}`,
    events,
  );
}
