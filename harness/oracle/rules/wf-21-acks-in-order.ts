import { inPackets, lintRule } from './lint-rule.ts';

/** Acknowledgements keep the order of what they acknowledge. */
export const acksInOrder = lintRule({
  id: 'WF-21',
  says: 'PUBACK and PUBREC come in the order of the PUBLISHes, PUBREL in the order of the PUBRECs',
  shows: {
    'MQTT-4.6.0-2': inPackets('PUBACK'),
    'MQTT-4.6.0-3': inPackets('PUBREC'),
    'MQTT-4.6.0-4': inPackets('PUBREL'),
  },
});
