import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/**
 * A QoS 1 publish succeeds only once its PUBACK was sent. [MQTT-4.3.2-1]
 *
 * What the broker sends is in the timeline before the module can have it, so that no clock is compared.
 */
export const successAfterPuback = rule({
  id: 'QC-01',
  clause: 'MQTT-4.3.2-1',
  says: 'the request callback of a QoS 1 publish says success only after the PUBACK of its packet id',
  on: ['enter request publish'],
  step(_, { event, call, slot }) {
    if (event.err !== 0 || call?.fn !== 'publish' || call.params['qos'] !== 1) return undecided();
    if (slot?.connect?.connection === undefined) return undecided();
    if (call.acks.some(({ packet }) => packet.type === 'PUBACK')) return kept();
    const what = call.wire === undefined ? 'its PUBLISH was seen' : 'its PUBACK was sent';
    return breach(`QoS 1 publish called back with success before ${what}`, [call.begin?.n, call.wire?.n, event.n]);
  },
});
