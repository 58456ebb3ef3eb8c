import { inPackets, lintRule } from './lint-rule.ts';

/** The sender's side of a QoS 2 delivery. */
export const pubrelAfterPubrec = lintRule({
  id: 'WF-20',
  says: 'PUBREL comes after the PUBREC of its id only, and no PUBLISH of that id after it',
  shows: { 'MQTT-4.3.3-1': inPackets('PUBREL') },
});
