import { findArgumentText } from '../argument.ts';
import { rule } from '../rule.ts';
import { breach, kept } from '../step.ts';

/** With mqtts:// no MQTT goes over the wire in clear. [manual 3.3.2] */
export const nothingInClear = rule({
  id: 'TL-02',
  clause: 'M-3.tls',
  says: 'a connect to mqtts:// sends no MQTT packet outside TLS',
  on: ['frame', 'tls-secured'],
  key({ event, connection }) {
    const isSecret = findArgumentText(connection?.connectCall?.params['host'])?.startsWith('mqtts://') === true;
    const isFirst = event.k === 'tls-secured' || (event.dir === 'up' && event.frame === 1);
    return isSecret && isFirst ? '' : undefined;
  },
  step(_, { event, connection }) {
    if (event.k === 'tls-secured' || connection?.tls === true) return kept();
    return breach(`${event.packet.type} in clear for an mqtts:// host`, [connection?.connectCall?.request?.n, event.n]);
  },
});
