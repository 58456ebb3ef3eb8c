import { inAnyPacket, lintRule } from './lint-rule.ts';

/** Packet types have a direction. [MQTT 2.2.1, table 2.1] */
export const clientPacketsOnly = lintRule({
  id: 'WF-22',
  says: 'no packet type that is reserved or for servers only comes from the module',
  shows: { 'MQTT-2.2.1': inAnyPacket },
});
