import { inPublish, lintRule } from './lint-rule.ts';

/** The linter keeps the ledger of the session's packet ids. */
export const packetIdIsFree = lintRule({
  id: 'WF-12',
  says: 'a new packet takes a packet id that is not in use',
  shows: {
    'MQTT-2.3.1-2': inPublish(({ qos, dup }) => qos > 0 && !dup, 'SUBSCRIBE', 'UNSUBSCRIBE'),
  },
});
