import { inAnyPacket, inPackets, lintRule } from './lint-rule.ts';

/** The reserved flags of the fixed header are those of table 2.2. */
export const fixedHeaderFlags = lintRule({
  id: 'WF-02',
  says: 'the flags of the fixed header are those of table 2.2',
  shows: {
    'MQTT-2.2.2-1': inAnyPacket,
    'MQTT-3.6.1-1': inPackets('PUBREL'),
    'MQTT-3.8.1-1': inPackets('SUBSCRIBE'),
    'MQTT-3.10.1-1': inPackets('UNSUBSCRIBE'),
    'MQTT-3.14.1-1': inPackets('DISCONNECT'),
  },
});
