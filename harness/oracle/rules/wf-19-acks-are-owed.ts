import { inPackets, lintRule } from './lint-rule.ts';

/** The receiver's acknowledgements answer something. */
export const acksAreOwed = lintRule({
  id: 'WF-19',
  says: 'PUBACK, PUBREC and PUBCOMP answer a PUBLISH or PUBREL of their id, by its QoS',
  shows: {
    'MQTT-2.3.1-6': inPackets('PUBACK', 'PUBREC', 'PUBREL'),
    'MQTT-3.3.4-1': inPackets('PUBACK', 'PUBREC'),
    'MQTT-4.3.3-2': inPackets('PUBCOMP'),
  },
});
