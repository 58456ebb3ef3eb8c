import { inConnect, inPackets, lintRule } from './lint-rule.ts';

/** The flags of CONNECT say what its payload holds. */
export const connectFlagsFitPayload = lintRule({
  id: 'WF-05',
  says: 'the connect flags fit the payload: will, user name, password; no will QoS or retain without a will',
  shows: {
    'MQTT-3.1.2-11': inConnect(({ will }) => will === null),
    'MQTT-3.1.2-9': inConnect(({ will }) => will !== null),
    'MQTT-3.1.2-13': inConnect(({ will }) => will === null),
    'MQTT-3.1.2-15': inConnect(({ will }) => will === null),
    'MQTT-3.1.2-18': inConnect(({ userName }) => userName === null),
    'MQTT-3.1.2-19': inConnect(({ userName }) => userName !== null),
    'MQTT-3.1.2-20': inConnect(({ password }) => password === null),
    'MQTT-3.1.2-21': inConnect(({ password }) => password !== null),
    'MQTT-3.1.2-22': inConnect(({ password }) => password !== null),
    'MQTT-3.1.3-3': inPackets('CONNECT'),
  },
});
