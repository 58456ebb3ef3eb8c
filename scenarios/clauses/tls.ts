import type { Clauses } from './clause.ts';

/** What the TLS and X.509 standards say to a client that verifies its server. */
export const tls = {
  'R-1.chain': {
    source: 'RFC 5280 6.1',
    says: 'the server’s certificate chains up to a CA that the client was given, every signature holding',
    kind: 'specified',
  },
  'R-2.validity': {
    source: 'RFC 5280 4.1.2.5',
    says: 'a certificate is good from its notBefore to its notAfter only',
    kind: 'specified',
  },
  'R-3.name': {
    source: 'RFC 6125 6',
    says: 'the server’s certificate is made out to the host that was asked for',
    kind: 'specified',
  },
  'R-4.usage': {
    source: 'RFC 5280 4.2.1.9, 4.2.1.12',
    says: 'a certificate is used for what its extensions allow',
    kind: 'specified',
  },
  'R-5.sni': {
    source: 'RFC 6066 3',
    says: 'the server name extension carries a host name, never an address',
    kind: 'specified',
  },
  'R-6.client-certificate': {
    source: 'RFC 5246 7.4.6',
    says: 'a client certificate that the server asks for is shown, with proof of its key',
    kind: 'specified',
  },
  'R-7.verify-first': {
    source: 'RFC 5246 7.3',
    says: 'nothing of the application is sent before the server has been verified',
    kind: 'specified',
  },
  'R-8.truncation': {
    source: 'RFC 5246 7.2.1',
    says: 'a connection that ends without close_notify may have been cut: half a message is none',
    kind: 'specified',
  },
  'R-9.ciphers': {
    source: 'RFC 9325 4',
    says: 'no cipher suite without encryption or authentication, of export grade or with RC4 is offered',
    kind: 'inferred',
  },
  'R-10.handshake-bounded': {
    source: 'ql_mqttclient.h, ssl_negotiate_timeout',
    says: 'a handshake that makes no progress is given up',
    kind: 'inferred',
  },
} as const satisfies Clauses;
