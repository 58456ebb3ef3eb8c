import type { EventOf } from '../../timeline/events.ts';
import type { CallRecord, SlotRecord } from '../narration.ts';
import { type RuleContext, rule, type Step } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { TURNS, type Turn } from '../topic.ts';

/** A 0 while the session was up by all that was told: an ending may yet be told. */
interface Doubt {
  readonly call: CallRecord;
  readonly answer: EventOf<'ret'>;
  readonly slot: SlotRecord;
  readonly session: number;
  readonly dueMs: number;
}

/**
 * `ql_mqtt_client_is_connected` is 1 from the connection callback of status 0 to the callback that ends the session, and 0
 * otherwise. [manual 3.3.7]
 *
 * The module may know of an ending before it tells it, and of a CONNACK too.
 */
export const isConnectedFollowsSession = rule<Doubt, 'ret is_connected' | Turn>({
  id: 'ST-01',
  clause: 'M-14.is-connected',
  says: 'is_connected is 1 while a session is up and 0 while none is',
  on: ['ret is_connected', ...TURNS],
  key: ({ slot, event }) => {
    const isAsked = event.k === 'enter' || event.ret === 0 || event.ret === 1;
    return isAsked ? slot?.slot : undefined;
  },
  step(doubt, { event, call, slot, before }, { deadlines }) {
    if (event.k === 'enter') return undecided();
    if (call === undefined || slot === undefined || call.stateAtBegin !== before) return undecided(doubt);
    if (event.ret === 1) return { ...answeredYes(call, event, slot), state: doubt };
    if (before !== 'connected') return before === 'disconnecting' ? undecided(doubt) : kept(doubt);
    if (doubt !== undefined) return undecided(doubt);
    return { state: { call, answer: event, slot, session: slot.sessions, dueMs: event.at + deadlines.closeMs } };
  },
  deadline: ({ dueMs }) => dueMs,
  expire: decide,
  end: (doubt, context) => (context.moduleUntilMs < doubt.dueMs ? undecided() : decide(doubt, context)),
});

function answeredYes(call: CallRecord, { n }: EventOf<'ret'>, slot: SlotRecord): Step<Doubt> {
  const { stateAtBegin, begin } = call;
  if (stateAtBegin === 'connected') return kept();
  const connection = slot.connect?.connection;
  const isRefutable = stateAtBegin === 'idle' || (stateAtBegin === 'no-handle' && slot.generation > 0);
  const isEarly = stateAtBegin === 'connecting' && connection !== undefined && connection.connack === undefined;
  if (!isRefutable && !isEarly) return undecided();
  return breach(`is_connected returned 1 on a client that is ${stateAtBegin}`, [begin?.n, n]);
}

function decide({ call, answer, slot, session }: Doubt, { deadlines }: RuleContext): Step<Doubt> {
  const connection = slot.connect?.connection;
  const isOver = slot.state !== 'connected' || slot.sessions !== session;
  if (isOver || connection?.closed !== undefined || connection?.isDisturbed === true) return undecided();
  const message = `is_connected returned 0 in a session of which no end came in ${deadlines.closeMs} ms`;
  return breach(message, [call.begin?.n, answer.n]);
}
