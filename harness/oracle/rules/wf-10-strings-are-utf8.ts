import { inConnect, inPackets, lintRule } from './lint-rule.ts';

const WITH_STRINGS = inPackets('CONNECT', 'PUBLISH', 'SUBSCRIBE', 'UNSUBSCRIBE');

/** All strings on the wire are well-formed UTF-8. */
export const stringsAreUtf8 = lintRule({
  id: 'WF-10',
  says: 'all strings are well-formed UTF-8 without U+0000',
  shows: {
    'MQTT-1.5.3-1': WITH_STRINGS,
    'MQTT-1.5.3-2': WITH_STRINGS,
    'MQTT-3.1.3-4': inPackets('CONNECT'),
    'MQTT-3.1.3-10': inConnect(({ will }) => will !== null),
    'MQTT-3.1.3-11': inConnect(({ userName }) => userName !== null),
    'MQTT-3.3.2-1': inPackets('PUBLISH'),
    'MQTT-3.8.3-1': inPackets('SUBSCRIBE'),
    'MQTT-3.10.3-1': inPackets('UNSUBSCRIBE'),
  },
});
