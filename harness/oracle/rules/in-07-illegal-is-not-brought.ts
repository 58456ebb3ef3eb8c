import { endsConnection } from '../ends-connection.ts';
import { undeliveredRule } from './undelivered-rule.ts';

/** What is no message is not brought as one: half a packet, and a packet that breaks the protocol. [MQTT-4.8.0-1] */
export const illegalIsNotBrought = undeliveredRule({
  id: 'IN-07',
  clause: 'MQTT-4.8.0-1',
  says: 'no incoming callback comes of a packet that is incomplete or illegal',
  isUnfit: (event) => event.k === 'bytes' || event.packet.type === 'malformed' || endsConnection(event),
});
