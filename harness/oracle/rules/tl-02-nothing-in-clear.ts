import { findArgumentText } from '../argument.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** The broker's code for a TLS connection that begins with something else. */
const NO_CLIENT_HELLO = 'NO_CLIENT_HELLO';

/** Number of the event that opened a connection over which nothing has come. */
type Opened = number;

/** With mqtts:// no MQTT goes over the wire in clear. [manual 3.3.2] */
export const nothingInClear = rule<Opened, 'tcp-open' | 'frame up' | `tls-${'secured' | 'failed'}` | 'tcp-close'>({
  id: 'TL-02',
  clause: 'M-3.tls',
  says: 'a connect to mqtts:// sends nothing outside TLS',
  on: ['tcp-open', 'frame up', 'tls-secured', 'tls-failed', 'tcp-close'],
  opens: ['tcp-open', 'tls-secured', 'tls-failed'],
  key: ({ event }) => event.conn,
  step(opened, { event, connection }) {
    if (event.k === 'tcp-open') return undecided(event.n);
    if (event.k === 'tcp-close' || (event.k === 'frame' && opened === undefined)) return undecided();
    const host = findArgumentText(connection?.connectCall?.params['host']);
    if (host?.startsWith('mqtts://') !== true) return undecided(event.k === 'frame' ? undefined : opened);
    const events = [connection?.connectCall?.request?.n, event.n];
    if (event.k === 'tls-failed') {
      if (event.code !== NO_CLIENT_HELLO || connection?.isDisturbed === true) return undecided(opened);
      return breach('what came first for an mqtts:// host was no ClientHello', events, opened);
    }
    if (event.k === 'tls-secured') return kept(opened);
    if (connection?.tls === true) return kept();
    return breach(`${event.packet.type} in clear for an mqtts:// host`, events);
  },
});
