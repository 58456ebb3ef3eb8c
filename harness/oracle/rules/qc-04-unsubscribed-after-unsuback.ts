import { isSet } from '../narrator/packet-of-call.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** An unsubscription succeeds only once its UNSUBACK was sent. [MQTT-3.10.4-4] */
export const unsubscribedAfterUnsuback = rule({
  id: 'QC-04',
  clause: 'MQTT-3.10.4-4',
  says: 'the request callback of an unsubscription says success only after its UNSUBACK',
  on: ['enter request sub_unsub'],
  step(_, { event, call, slot }) {
    if (event.err !== 0 || call?.fn !== 'sub_unsub' || isSet(call.params['sub'])) return undecided();
    if (slot?.connect?.connection === undefined) return undecided();
    if (call.acks.some(({ packet }) => packet.type === 'UNSUBACK')) return kept();
    return breach('unsubscription called back with success before its UNSUBACK was sent', [call.begin?.n, event.n]);
  },
});
