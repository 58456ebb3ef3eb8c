import { inPublish, lintRule } from './lint-rule.ts';

/** A packet id where one is due, and none where not. */
export const packetIdIsThere = lintRule({
  id: 'WF-11',
  says: 'SUBSCRIBE, UNSUBSCRIBE and PUBLISH above QoS 0 have a packet id that is not 0, a PUBLISH at QoS 0 has none',
  shows: {
    'MQTT-2.3.1-1': inPublish(({ qos }) => qos > 0, 'SUBSCRIBE', 'UNSUBSCRIBE'),
    'MQTT-2.3.1-5': inPublish(({ qos }) => qos === 0),
  },
});
