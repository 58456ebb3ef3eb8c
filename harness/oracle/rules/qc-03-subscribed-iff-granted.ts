import type { EventOf } from '../../timeline/events.ts';
import type { CallRecord, ConnectionRecord } from '../narration.ts';
import { isSet } from '../narrator/packet-of-call.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

const HIGHEST_GRANTED = 2;
const CODES = 'MQTT-3.9.3-2';

/** A subscription succeeds if and only if its SUBACK grants it. [manual 3.3.3.1; MQTT-3.9.3-2] */
export const subscribedIffGranted = rule({
  id: 'QC-03',
  clause: 'M-10.result',
  also: [CODES],
  says: 'the request callback of a subscription says success after a SUBACK that grants it, and failure after one that does not',
  on: ['enter request sub_unsub'],
  step(_, { event, call, slot }, { deadlines }) {
    const connection = slot?.connect?.connection;
    if (call?.fn !== 'sub_unsub' || !isSet(call.params['sub']) || connection === undefined) return undecided();
    const suback = call.acks.find(({ packet }) => packet.type === 'SUBACK');
    const isGranted = suback !== undefined && grants(suback);
    const proof = [call.begin?.n, suback?.n, event.n];
    if (event.err === 0) {
      if (isGranted) return kept();
      const why = suback === undefined ? 'before its SUBACK was sent' : 'although its SUBACK refuses it';
      return breach(`subscription called back with success ${why}`, proof);
    }
    if (suback !== undefined && !isGranted) return { ...kept(), clauses: ['M-10.result', CODES] };
    const wasPrompt = suback !== undefined && isPrompt(call, suback, deadlines.quietMs);
    if (!wasPrompt || isBroken(connection)) return undecided();
    return breach(`subscription called back with ${event.err} although it was granted`, proof);
  },
});

function grants({ packet }: EventOf<'frame'>): boolean {
  const code = packet.type === 'SUBACK' ? packet.codes[0] : undefined;
  return code !== undefined && code <= HIGHEST_GRANTED;
}

/** Whether the answer came long before the module can have lost patience. */
function isPrompt({ wire }: CallRecord, suback: EventOf<'frame'>, quietMs: number): boolean {
  return wire !== undefined && suback.at - wire.at <= quietMs;
}

function isBroken({ closed, isDisturbed }: ConnectionRecord): boolean {
  return closed !== undefined || isDisturbed;
}
