import { inPackets, lintRule } from './lint-rule.ts';

/** CONNECT speaks MQTT 3.1.1. */
export const protocolNameAndLevel = lintRule({
  id: 'WF-04',
  says: 'CONNECT has the protocol name MQTT, level 4 and the reserved flag 0',
  shows: {
    'MQTT-3.1.2-1': inPackets('CONNECT'),
    'MQTT-3.1.2-2': inPackets('CONNECT'),
    'MQTT-3.1.2-3': inPackets('CONNECT'),
  },
});
