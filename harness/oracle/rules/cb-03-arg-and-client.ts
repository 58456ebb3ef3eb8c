import type { EventOf } from '../../timeline/events.ts';
import { findLastAck } from '../last-ack.ts';
import type { CallRecord, SlotRecord } from '../narration.ts';
import { rule, type Seen, type Step, spare } from '../rule.ts';
import { breach, undecided } from '../step.ts';
import { ORDINARY_ANSWERS, ORDINARY_MESSAGES } from '../topic.ts';

const BOTH_KEPT: Step<never> = { exercised: 1, clauses: ['M-4.arg', 'M-4.client'] };

/** A callback gets the `arg` of its call and a pointer to the client that the call was made on. [manual 3.3.2.1, 3.3.3.1, 3.3.6.1] */
export const argAndClient = rule({
  id: 'CB-03',
  clause: 'M-4.arg',
  also: ['M-4.client'],
  says: 'arg is what the call passed, and client denotes the same handle',
  on: ['enter'],
  spared: spare([...ORDINARY_ANSWERS, ...ORDINARY_MESSAGES], 'M-4.arg', 'M-4.client'),
  step(_, seen): Step<never> {
    const { event, call, slot } = seen;
    if (event.cb !== 'request' || call === undefined || call.callbacks.length === 1) return judged(seen, event);
    const forgotten = slot?.underWay.find((other) => other.returned !== undefined && findLastAck(other) !== undefined);
    if (forgotten === undefined) return judged(seen, event);
    const message = `request callback with the arg of #${call.token} once more, while #${forgotten.token} was acknowledged`;
    return breach(message, [forgotten.begin?.n, call.begin?.n, event.n]);
  },
});

function judged(seen: Seen, event: EventOf<'enter'>): Step<never> {
  const { call, slot } = seen;
  if (event.cb === 'exception') return clientOf(event, undefined, slot);
  if (call === undefined) return breach(`${event.cb} callback with arg ${event.arg}, which no call passed`, [event.n]);
  if (event.cb === 'inpub' && call.fn !== 'set_inpub_callback') {
    return breach(`incoming callback with the arg of a ${call.fn}`, [call.begin?.n, event.n]);
  }
  return isOutlived(seen) ? undecided() : clientOf(event, call, slot);
}

function clientOf(event: EventOf<'enter'>, call: CallRecord | undefined, slot: SlotRecord | undefined): Step<never> {
  const wrong = wrongClient(event, call, slot);
  if (wrong === undefined) return BOTH_KEPT;
  const message = `${event.cb} callback with ${wrong}`;
  const events = [call?.begin?.n, event.n].filter((n) => n !== undefined);
  return { exercised: 1, clauses: ['M-4.client'], findings: [{ message, events, clause: 'M-4.client' }] };
}

function wrongClient(
  event: EventOf<'enter'>,
  call: CallRecord | undefined,
  slot: SlotRecord | undefined,
): string | undefined {
  if (event.client === 'null') return 'a NULL client';
  if (event.client === 'foreign') return `the client value ${event.handle}, which no slot holds`;
  if (call !== undefined && call.slot !== event.slot) return `the client of slot ${event.slot}, not ${call.slot}`;
  const handle = slot?.handle;
  return handle === undefined || handle === event.handle
    ? undefined
    : `the client value ${event.handle}, not ${handle}`;
}

/** The client is gone or another one: CB-05 speaks of that. */
function isOutlived({ call, slot }: Seen): boolean {
  return slot?.state === 'no-handle' || call?.generation !== slot?.generation;
}
