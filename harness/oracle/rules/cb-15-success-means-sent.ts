import type { EventOf } from '../../timeline/events.ts';
import type { CallRecord, ConnectionRecord } from '../narration.ts';
import { rule, type Step } from '../rule.ts';
import { kept, undecided } from '../step.ts';
import type { EventOn } from '../topic.ts';

interface Told {
  readonly call: CallRecord;
  readonly n: number;
  readonly dueMs: number;
}

/** The publishes on one connection that were reported as done before their packets had been seen, the oldest first. */
interface Awaited {
  readonly told: readonly Told[];
  /** The broker has ended it, and may not read to the end. */
  readonly isOver: boolean;
}

/**
 * A QoS 0 publish that is reported as done is on the wire. [manual 3.3.3.1]
 *
 * The way from the module to the broker takes time, so that its packet is waited for, unless what comes last on the connection is
 * there: TCP keeps order. What success means at QoS 1 and 2 is QC-01's and QC-02's.
 */
export const successMeansSent = rule<Awaited, 'enter request publish' | 'frame up DISCONNECT' | 'fin'>({
  id: 'CB-15',
  clause: 'M-10.result',
  says: 'the PUBLISH of a QoS 0 publish that succeeded reaches the broker',
  on: ['enter request publish', 'frame up DISCONNECT', 'fin'],
  opens: ['enter request publish', 'fin'],
  key({ event, call, slot }) {
    if (event.k !== 'enter') return event.conn;
    return isSuccessAtMostOnce(event, call) ? slot?.connect?.connection?.conn : undefined;
  },
  step(awaited, { event, call, slot, connection: own }, { deadlines }) {
    if (event.k !== 'enter') return own === undefined ? undecided() : atLast(awaited, event, own);
    const connection = slot?.connect?.connection;
    if (call === undefined || connection === undefined) return undecided(awaited);
    if (call.wire !== undefined) return kept(awaited);
    if (awaited?.isOver === true || connection.closed !== undefined || connection.isDisturbed)
      return undecided(awaited);
    const told = { call, n: event.n, dueMs: event.at + deadlines.ackMs };
    return { state: { told: [...(awaited?.told ?? []), told], isOver: false } };
  },
  deadline: ({ told }) => told[0]?.dueMs,
  expire({ told, ...others }, { deadlines }) {
    const [first, ...rest] = told;
    const state = rest.length === 0 ? undefined : { ...others, told: rest };
    return first === undefined ? undecided(state) : { ...decide([first], `in ${deadlines.ackMs} ms`), state };
  },
  end({ told }, { moduleUntilMs, deadlines }) {
    const decided = told.filter(({ call, dueMs }) => call.wire !== undefined || moduleUntilMs >= dueMs);
    return decide(decided, `in ${deadlines.ackMs} ms`);
  },
});

function isSuccessAtMostOnce(event: EventOn<'enter request'>, call: CallRecord | undefined): boolean {
  return event.err === 0 && call?.fn === 'publish' && (call.params['qos'] ?? 0) === 0;
}

/** What comes last on a connection from one side or the other. */
function atLast(
  awaited: Awaited | undefined,
  event: EventOf<'frame' | 'fin'>,
  connection: ConnectionRecord,
): Step<Awaited> {
  if (event.dir === 'down') return undecided({ told: [], isOver: true });
  if (awaited === undefined || connection.isDisturbed) return undecided();
  return decide(awaited.told, `before the module’s ${event.k === 'fin' ? 'FIN' : 'DISCONNECT'}`, event.n);
}

function decide(told: readonly Told[], when: string, lastN?: number): Step<Awaited> {
  const lacking = told.filter(({ call }) => call.wire === undefined);
  const findings = lacking.map(({ call, n }) => {
    const events = [call.begin?.n, n, lastN].filter((one) => one !== undefined);
    return { message: `QoS 0 publish succeeded and its PUBLISH did not come ${when}`, events };
  });
  return { exercised: told.length, findings };
}
