import { type Authority, DAY_MS } from './authority.ts';
import { issue } from './issue.ts';
import { makeKey } from './keys.ts';
import type { Identity } from './serve-tls.ts';

/** The client identities of the fault catalogue (B26 to B28); "missing" is to send none. */
export const CLIENT_IDENTITIES = {
  good: 'B26: issued by the root, valid',
  expired: 'B27: expired one day ago',
  alien: 'B27: issued by an authority that nobody knows',
  'wrong-key': 'B28: the key is not the one of the certificate',
} as const;

export type ClientIdentityName = keyof typeof CLIENT_IDENTITIES;

/** Issues what a module shows to a server that asks for a certificate. */
export async function issueClient(
  authority: Authority,
  commonName: string,
  name: ClientIdentityName = 'good',
): Promise<Identity> {
  const { epochMs, leafKey } = authority;
  const isExpired = name === 'expired';
  const cert = await issue({
    commonName,
    key: leafKey,
    issuer: name === 'alien' ? authority.stranger : authority.root,
    notBefore: new Date(epochMs - 30 * DAY_MS),
    notAfter: new Date(epochMs + (isExpired ? -1 : 365) * DAY_MS),
    use: 'client',
  });
  return { cert, key: name === 'wrong-key' ? await makeKey('rsa-2048') : leafKey };
}
