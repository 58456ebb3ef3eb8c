import { lintRule } from './lint-rule.ts';

/** The linter keeps the ledger of the session's packet ids. */
export const packetIdIsFree = lintRule({
  id: 'WF-12',
  says: 'a new packet takes a packet id that is not in use',
  shows: {
    'MQTT-2.3.1-2': (packet) =>
      packet.type === 'SUBSCRIBE' ||
      packet.type === 'UNSUBSCRIBE' ||
      (packet.type === 'PUBLISH' && packet.qos > 0 && !packet.dup),
  },
});
