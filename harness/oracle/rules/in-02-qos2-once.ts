import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** A message at QoS 2 is brought once, however often its PUBLISH comes before its PUBREL. [MQTT-4.3.3-2] */
export const qos2Once = rule({
  id: 'IN-02',
  clause: 'MQTT-4.3.3-2',
  says: 'a QoS 2 message is brought once between its first PUBLISH and its PUBREL',
  on: ['enter inpub'],
  step(_, { event, inbound }) {
    const packet = inbound?.frame.packet;
    if (inbound === undefined || packet?.type !== 'PUBLISH' || packet.qos !== 2) return undecided();
    const [first] = inbound.deliveries;
    if (!inbound.isRepeat && inbound.deliveries.length === 1) return kept();
    return breach('a QoS 2 message was brought again before its PUBREL', [inbound.frame.n, first?.n, event.n]);
  },
});
