import type { ServerIdentityName } from '../../broker/tls/server-identities.ts';

/** The clause that a server identity does not live up to. Those that are not here prove the server, or nobody says. */
export const SERVER_FLAWS: Readonly<Partial<Record<ServerIdentityName, string>>> = {
  'unknown-ca': 'R-1.chain',
  'impostor-ca': 'R-1.chain',
  'self-signed': 'R-1.chain',
  'intermediate-missing': 'R-1.chain',
  expired: 'R-2.validity',
  'intermediate-expired': 'R-2.validity',
  'not-yet-valid': 'R-2.validity',
  'wrong-host': 'R-3.name',
  'wrong-san': 'R-3.name',
  'nul-in-name': 'R-3.name',
  'client-use': 'R-4.usage',
  'issuer-no-ca': 'R-4.usage',
};
