import { findArgumentText } from '../argument.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** The broker's code for a TLS connection that begins with something else. */
const NO_CLIENT_HELLO = 'NO_CLIENT_HELLO';

/** With mqtts:// no MQTT goes over the wire in clear. [manual 3.3.2] */
export const nothingInClear = rule({
  id: 'TL-02',
  clause: 'M-3.tls',
  says: 'a connect to mqtts:// sends nothing outside TLS',
  on: ['frame up', 'tls-secured', 'tls-failed'],
  key({ event, connection }) {
    if (event.k === 'frame' && event.frame !== 1) return undefined;
    const host = findArgumentText(connection?.connectCall?.params['host']);
    return host?.startsWith('mqtts://') === true ? 0 : undefined;
  },
  step(_, { event, connection }) {
    const events = [connection?.connectCall?.request?.n, event.n];
    if (event.k === 'tls-failed') {
      if (event.code !== NO_CLIENT_HELLO || connection?.isDisturbed === true) return undecided();
      return breach('what came first for an mqtts:// host was no ClientHello', events);
    }
    if (event.k === 'tls-secured' || connection?.tls === true) return kept();
    return breach(`${event.packet.type} in clear for an mqtts:// host`, events);
  },
});
