import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** A message at QoS 2 is brought once, however often its PUBLISH comes before its PUBREL. [MQTT-4.3.3-2] */
export const qos2Once = rule({
  id: 'IN-02',
  clause: 'MQTT-4.3.3-2',
  says: 'a QoS 2 message is brought once between its first PUBLISH and its PUBREL',
  on: ['enter'],
  key: ({ event, inbound }) => {
    const packet = inbound?.frame.packet;
    return event.cb === 'inpub' && packet?.type === 'PUBLISH' && packet.qos === 2 ? '' : undefined;
  },
  step(_, { event, inbound }) {
    if (inbound === undefined) return undecided();
    const [first] = inbound.deliveries;
    if (!inbound.isRepeat && inbound.deliveries.length === 1) return kept();
    return breach('a QoS 2 message was brought again before its PUBREL', [inbound.frame.n, first?.n, event.n]);
  },
});
