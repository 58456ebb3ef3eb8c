import type { Packet } from '../../../broker/events.ts';
import { inPackets, lintRule } from './lint-rule.ts';

/** The flags of CONNECT say what its payload holds. */
export const connectFlagsFitPayload = lintRule({
  id: 'WF-05',
  says: 'the connect flags fit the payload: will, user name, password; no will QoS or retain without a will',
  shows: {
    'MQTT-3.1.2-11': (packet) => packet.type === 'CONNECT' && packet.will === null,
    'MQTT-3.1.2-9': (packet) => packet.type === 'CONNECT' && packet.will !== null,
    'MQTT-3.1.2-13': (packet) => packet.type === 'CONNECT' && packet.will === null,
    'MQTT-3.1.2-15': (packet) => packet.type === 'CONNECT' && packet.will === null,
    'MQTT-3.1.2-18': (packet) => packet.type === 'CONNECT' && packet.userName === null,
    'MQTT-3.1.2-19': (packet) => packet.type === 'CONNECT' && packet.userName !== null,
    'MQTT-3.1.2-20': (packet) => packet.type === 'CONNECT' && packet.password === null,
    'MQTT-3.1.2-21': hasPassword,
    'MQTT-3.1.2-22': hasPassword,
    'MQTT-3.1.3-3': inPackets('CONNECT'),
  },
});

function hasPassword(packet: Packet): boolean {
  return packet.type === 'CONNECT' && packet.password !== null;
}
