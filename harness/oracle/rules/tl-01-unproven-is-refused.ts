import { findSsl, verifyLevelOf } from '../find-ssl.ts';
import { rule } from '../rule.ts';
import { undecided } from '../step.ts';

const REFUSED = 'A-3.certificate-refused';

/** A server whose certificate does not prove it gets no session at verify level 1 and above. [RFC 5280 6.1; RFC 6125 6] */
export const unprovenIsRefused = rule({
  id: 'TL-01',
  clause: REFUSED,
  also: ['R-1.chain', 'R-2.validity', 'R-3.name', 'R-4.usage'],
  says: 'at verify level 1 and above a server whose certificate does not prove it is not connected to',
  on: ['enter connect'],
  step(_, { event, call }) {
    const server = call?.connection?.server;
    if (typeof server?.flaw !== 'string' || verifyLevelOf(findSsl(call)) <= 0) return undecided();
    const clauses = [REFUSED, server.flaw];
    if (event.status !== 0) return { exercised: 1, clauses };
    const message = `connected to a server with the certificate "${server.identity}", which breaks ${server.flaw}`;
    const events = [server.n, call?.request?.n, event.n].filter((n) => n !== undefined);
    return { exercised: 1, clauses, findings: [{ message, events }] };
  },
});
