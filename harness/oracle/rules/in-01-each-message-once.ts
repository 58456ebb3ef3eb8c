import type { EventOf } from '../../timeline/events.ts';
import type { InboundRecord, SlotRecord } from '../narration.ts';
import { type RuleContext, rule, type Seen } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { surelyTaken } from '../surely-taken.ts';

/** A message that was sent to a client with an incoming callback. */
interface Sent {
  readonly inbound: InboundRecord;
  readonly slot: SlotRecord;
  readonly session: number;
  readonly dueMs: number;
}

/**
 * Each message at QoS 0 or 1 is brought once for each copy on the wire. [manual 3.3.6.1; MQTT-4.3.2-2]
 *
 * Owed is only what was sent after an incoming callback was set, in a session that outlives it.
 */
export const eachMessageOnce = rule<Sent, 'frame down PUBLISH' | 'enter inpub'>({
  id: 'IN-01',
  clause: 'M-13.each-once',
  also: ['MQTT-4.3.2-2'],
  says: 'each PUBLISH at QoS 0 and 1 yields exactly one incoming callback',
  on: ['frame down PUBLISH', 'enter inpub'],
  key: ({ event, inbound, slot }) => {
    if (inbound !== undefined) return qosOf(inbound) === 2 ? undefined : inbound.frame.n;
    return event.k === 'enter' && slot?.connect?.connection !== undefined ? event.n : undefined;
  },
  step(sent, seen, context) {
    const { event, inbound } = seen;
    if (event.k === 'frame') return { state: findOwed(seen, event, context) };
    if (inbound === undefined) return breach('incoming callback with a message that was not sent', [event.n]);
    const [first, second] = inbound.deliveries;
    if (second !== undefined) return breach('one PUBLISH was brought twice', [inbound.frame.n, first?.n, event.n]);
    const clauses = qosOf(inbound) === 1 ? ['M-13.each-once', 'MQTT-4.3.2-2'] : ['M-13.each-once'];
    return sent === undefined ? undecided() : { ...kept<Sent>(), clauses };
  },
  deadline: ({ dueMs }) => dueMs,
  expire({ inbound, slot, session }, { deadlines }) {
    const connection = slot.connect?.connection;
    const isOver = slot.state !== 'connected' || slot.sessions !== session || connection?.closed !== undefined;
    if (isOver || connection?.isDisturbed === true) return undecided();
    return breach(`a message was not brought in ${deadlines.requestMs} ms`, [inbound.frame.n]);
  },
});

function findOwed({ inbound, slot }: Seen, event: EventOf<'frame'>, { deadlines }: RuleContext): Sent | undefined {
  if (inbound === undefined || slot === undefined || slot.state !== 'connected') return undefined;
  const hasCallback = slot.inpub !== undefined && slot.inpub.params['cb'] !== false;
  const isFine = event.defects === undefined && surelyTaken(event);
  if (!hasCallback || !isFine) return undefined;
  return { inbound, slot, session: slot.sessions, dueMs: event.at + deadlines.requestMs };
}

function qosOf({ frame }: InboundRecord): number | undefined {
  return frame.packet.type === 'PUBLISH' ? frame.packet.qos : undefined;
}
