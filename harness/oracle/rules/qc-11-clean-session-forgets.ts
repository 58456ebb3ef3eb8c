import { inConnect, lintRule } from './lint-rule.ts';

/** The linter knows what a clean CONNECT threw away. */
export const cleanSessionForgets = lintRule({
  id: 'QC-11',
  says: 'after a CONNECT with clean session 1 nothing of an earlier session is sent',
  shows: { 'MQTT-3.1.2-6': inConnect(({ cleanSession }) => cleanSession) },
});
