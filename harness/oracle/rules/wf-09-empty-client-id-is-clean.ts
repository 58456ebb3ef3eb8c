import { inConnect, lintRule } from './lint-rule.ts';

/** Without a client id there is no session to keep. */
export const emptyClientIdIsClean = lintRule({
  id: 'WF-09',
  says: 'an empty client id goes with clean session 1',
  shows: { 'MQTT-3.1.3-7': inConnect(({ clientId }) => clientId === '') },
});
