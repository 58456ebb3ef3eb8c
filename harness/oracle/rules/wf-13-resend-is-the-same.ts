import { inPublish, lintRule } from './lint-rule.ts';

/** A PUBLISH that is sent again is the same packet with DUP set; a first one has DUP 0. */
export const resendIsTheSame = lintRule({
  id: 'WF-13',
  says: 'a PUBLISH sent again has the same id, DUP 1 and the same content; a first one, and one at QoS 0, has DUP 0',
  shows: {
    'MQTT-3.3.1-1': inPublish(({ dup }) => dup),
    'MQTT-2.3.1-3': inPublish(({ dup }) => dup),
    'MQTT-3.3.1-2': inPublish(({ qos }) => qos === 0),
    'MQTT-4.3.1-1': inPublish(({ qos }) => qos === 0),
    'MQTT-4.3.2-1': inPublish(({ qos, dup }) => qos === 1 && !dup),
  },
});
