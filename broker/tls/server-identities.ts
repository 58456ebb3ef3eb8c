import { type Authority, DAY_MS } from './authority.ts';
import { type CertificateSpec, issue } from './issue.ts';
import { makeKey } from './keys.ts';
import type { Identity } from './serve-tls.ts';

/** How one server identity differs from the good one. */
interface Recipe {
  readonly says: string;
  readonly spec?: (authority: Authority) => Partial<CertificateSpec>;
  /** Certificates sent after the leaf. */
  readonly chain?: (authority: Authority) => readonly Identity[];
}

const byIntermediate = ({ intermediate }: Authority) => ({ issuer: intermediate });

/** The server identities of the fault catalogue; the letters are its rows. */
export const SERVER_RECIPES = {
  good: { says: 'B01: issued by the root, valid, names match' },
  'good-chain': {
    says: 'B18: issued by the intermediate, which is sent too',
    spec: byIntermediate,
    chain: (a) => [a.intermediate],
  },
  'chain-with-root': {
    says: 'B18: the root is sent too',
    spec: byIntermediate,
    chain: (a) => [a.intermediate, a.root],
  },
  'intermediate-missing': { says: 'B17: issued by the intermediate, which is not sent', spec: byIntermediate },
  expired: {
    says: 'B06: expired one day ago',
    spec: (a) => ({ notBefore: new Date(a.epochMs - 30 * DAY_MS), notAfter: new Date(a.epochMs - DAY_MS) }),
  },
  'intermediate-expired': { says: 'B06: valid, issued by an intermediate that expired one day ago and is sent too' },
  'not-yet-valid': {
    says: 'B07: valid from tomorrow',
    spec: (a) => ({ notBefore: new Date(a.epochMs + DAY_MS), notAfter: new Date(a.epochMs + 30 * DAY_MS) }),
  },
  'wrong-host': {
    says: 'B09: another name',
    spec: () => ({ commonName: 'elsewhere.invalid', hosts: ['elsewhere.invalid'] }),
  },
  'wrong-san': {
    says: 'B10: the common name matches, subjectAltName does not',
    spec: () => ({ hosts: ['elsewhere.invalid'] }),
  },
  'common-name-only': { says: 'B11: no subjectAltName', spec: () => ({ hosts: [] }) },
  'nul-in-name': { says: 'B13: names that match up to a NUL' },
  'ip-san-only': { says: 'B12: IP addresses as iPAddress only', spec: () => ({ ipAs: ['ip'] }) },
  'ip-as-dns-only': { says: 'B12: IP addresses as dNSName only', spec: () => ({ ipAs: ['dns'] }) },
  'unknown-ca': { says: 'B03: issued by an authority that nobody knows', spec: (a) => ({ issuer: a.stranger }) },
  'impostor-ca': {
    says: 'B05: issued by an authority of the same name with another key',
    spec: (a) => ({ issuer: a.impostor, namedIssuerKey: a.root.key }),
  },
  'client-use': { says: 'B15: for clients only', spec: () => ({ use: 'client' }) },
  'issuer-no-ca': { says: 'B16: issued by a certificate that is no authority', spec: () => ({}) },
  'self-signed': { says: 'B04: signs itself' },
  'ec-key': { says: 'B21: a P-256 key' },
  large: { says: 'B20: a certificate of about 10 KiB' },
} as const satisfies Readonly<Record<string, Recipe>>;

export type ServerIdentityName = keyof typeof SERVER_RECIPES;

/**
 * Issues a server identity for these host names and IP addresses; the first is the common name too.
 *
 * An IP address is named as dNSName beside iPAddress: mbedTLS 2.28 knows only the former.
 */
export async function issueServer(
  authority: Authority,
  hosts: readonly string[],
  name: ServerIdentityName = 'good',
): Promise<Identity> {
  const recipe: Recipe = SERVER_RECIPES[name];
  const spec = {
    ...goodSpec(authority, hosts),
    ...recipe.spec?.(authority),
    ...(await special(authority, hosts, name)),
  };
  const { issuer, ...selfSigned } = spec;
  const leaf = await issue(name === 'self-signed' ? selfSigned : { ...selfSigned, issuer });
  const chain = OWN_ISSUER.has(name) ? [issuer] : (recipe.chain?.(authority) ?? []);
  return { cert: [leaf, ...chain.map(({ cert }) => cert)].join(''), key: spec.key };
}

/** Those whose issuer is made for them alone, and sent. */
const OWN_ISSUER: ReadonlySet<ServerIdentityName> = new Set(['issuer-no-ca', 'intermediate-expired']);

function goodSpec(authority: Authority, hosts: readonly string[]) {
  return {
    commonName: hosts[0] ?? 'localhost',
    key: authority.leafKey,
    issuer: authority.root,
    notBefore: new Date(authority.epochMs - DAY_MS),
    notAfter: new Date(authority.epochMs + 365 * DAY_MS),
    hosts,
    use: 'server' as const,
  };
}

/** What needs the names, or a key or a certificate of its own. */
async function special(authority: Authority, hosts: readonly string[], name: ServerIdentityName) {
  if (name === 'nul-in-name') return { hosts: hosts.map((host) => `${host}\0.elsewhere.invalid`) };
  if (name === 'large') return { hosts: [...hosts, ...FURTHER_NAMES] };
  if (name === 'ec-key') return { key: await makeKey('p-256') };
  if (name === 'intermediate-expired') return { issuer: await expiredIntermediate(authority) };
  if (name !== 'issuer-no-ca') return {};
  const key = await makeKey('p-256');
  const cert = await issue({ ...goodSpec(authority, hosts), commonName: 'no authority', key });
  return { issuer: { key, cert } };
}

async function expiredIntermediate({ root, intermediate: { key }, epochMs }: Authority): Promise<Identity> {
  const cert = await issue({
    commonName: 'an intermediate that expired',
    key,
    issuer: root,
    authority: { pathLength: 0 },
    notBefore: new Date(epochMs - 30 * DAY_MS),
    notAfter: new Date(epochMs - DAY_MS),
  });
  return { key, cert };
}

const FURTHER_NAMES = Array.from({ length: 200 }, (_, i) => `host-${i}.with-a-rather-long-name.large.invalid`);
