import { findSsl, verifyLevelOf } from '../find-ssl.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** A server is verified before it is told anything: user name and password stand in CONNECT. [RFC 5246 7.3] */
export const verifiedBeforeConnect = rule<true, 'tcp-open' | 'frame' | 'tcp-close'>({
  id: 'TL-03',
  clause: 'R-7.verify-first',
  says: 'no MQTT packet goes to a server whose certificate does not prove it, at verify level 1 and above',
  on: ['tcp-open', 'frame', 'tcp-close'],
  opens: ['tcp-open'],
  key: ({ event, connection }) => {
    const isUnproven = typeof connection?.server?.flaw === 'string';
    return isUnproven && verifyLevelOf(findSsl(connection.connectCall)) > 0 ? event.conn : undefined;
  },
  step(isOpen, { event, connection }) {
    if (event.k === 'tcp-open') return { state: true };
    if (isOpen === undefined) return undecided();
    if (event.k === 'tcp-close') return kept();
    return breach(`${event.packet.type} was sent before the server was verified`, [connection?.server?.n, event.n]);
  },
});
