import type { Packet } from '../../../broker/events.ts';
import { inPublish, inResend, lintRule } from './lint-rule.ts';

/** A PUBLISH that is sent again is the same packet with DUP set; a first one has DUP 0. */
export const resendIsTheSame = lintRule({
  id: 'WF-13',
  says: 'a PUBLISH sent again has the same id, DUP 1 and the same content; a first one, and one at QoS 0, has DUP 0',
  shows: {
    'MQTT-3.3.1-1': inResend,
    'MQTT-2.3.1-3': inResend,
    'MQTT-3.3.1-2': inPublish(0),
    'MQTT-4.3.1-1': inPublish(0),
    'MQTT-4.3.2-1': isFirst,
  },
});

function isFirst(packet: Packet): boolean {
  return packet.type === 'PUBLISH' && packet.qos === 1 && !packet.dup;
}
