import { undeliveredRule } from './undelivered-rule.ts';

/** Of a TLS connection that is cut off, half a message is none. [RFC 5246 7.2.1] */
export const truncatedIsNotBrought = undeliveredRule({
  id: 'TL-08',
  clause: 'R-8.truncation',
  says: 'half a message at the end of a TLS connection is not brought',
  isUnfit: (event, connection) => event.k === 'bytes' && connection?.tls === true,
});
