import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** A QoS 2 publish succeeds only once PUBREC and PUBCOMP were sent. [MQTT-4.3.3-1] */
export const successAfterPubcomp = rule({
  id: 'QC-02',
  clause: 'MQTT-4.3.3-1',
  says: 'the request callback of a QoS 2 publish says success only after PUBREC and PUBCOMP of its packet id',
  on: ['enter request publish'],
  step(_, { event, call, slot }) {
    if (event.err !== 0 || call?.fn !== 'publish' || call.params['qos'] !== 2) return undecided();
    if (slot?.connect?.connection === undefined) return undecided();
    const missing = (['PUBREC', 'PUBCOMP'] as const).find((type) =>
      call.acks.every(({ packet }) => packet.type !== type),
    );
    if (missing === undefined) return kept();
    return breach(`QoS 2 publish called back with success before its ${missing} was sent`, [
      call.begin?.n,
      call.wire?.n,
      event.n,
    ]);
  },
});
