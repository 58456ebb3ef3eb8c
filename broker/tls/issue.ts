import { createPrivateKey, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { isRsa, privateKeyDer, publicKeyDer } from './keys.ts';
import type { Identity } from './serve-tls.ts';
import { x509 } from './x509.ts';

export type ExtendedUse = 'server' | 'client';

/** What a certificate says. Everything that a test varies is here; the rest is what a good one has. */
export interface CertificateSpec {
  readonly commonName: string;
  /** Key of the certificate itself. */
  readonly key: string;
  /** Who signs; the certificate signs itself when absent. */
  readonly issuer?: Identity;
  /** Key whose id the certificate names as its issuer's; the issuer's own when absent. */
  readonly namedIssuerKey?: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Host names and IP addresses; no subjectAltName at all when empty. */
  readonly hosts?: readonly string[];
  /** How an IP address is written: for mbedTLS before 3.x, which knows dNSName only, as a DNS name too. */
  readonly ipAs?: readonly ('ip' | 'dns')[];
  readonly authority?: { readonly pathLength?: number };
  readonly use?: ExtendedUse;
  readonly hash?: 'SHA-256' | 'SHA-384';
}

const USES: Readonly<Record<ExtendedUse, string>> = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' };

/** Makes one certificate, as PEM. */
export async function issue(spec: CertificateSpec): Promise<string> {
  const signer = spec.issuer?.key ?? spec.key;
  const hash = spec.hash ?? 'SHA-256';
  const publicKey = await importPublic(spec.key, hash);
  const subject = distinguishedName(spec.commonName);
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: spec.issuer === undefined ? subject : new x509.X509Certificate(spec.issuer.cert).subject,
    notBefore: spec.notBefore,
    notAfter: spec.notAfter,
    signingAlgorithm: { ...algorithm(signer), hash },
    publicKey,
    signingKey: await importPrivate(signer, hash),
    extensions: await extensions(spec, publicKey),
  });
  return `${certificate.toString('pem').trim()}\n`;
}

async function extensions(spec: CertificateSpec, publicKey: webcrypto.CryptoKey) {
  const { authority, hosts = [], issuer, use } = spec;
  const names = hosts.flatMap((host) => alternativeNames(host, spec.ipAs ?? ['ip', 'dns']));
  const usage = authority === undefined ? LEAF_USAGE : AUTHORITY_USAGE;
  return [
    new x509.BasicConstraintsExtension(authority !== undefined, authority?.pathLength, true),
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- flags that are or-ed are a number to TypeScript
    new x509.KeyUsagesExtension(usage, true),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ...(issuer === undefined
      ? []
      : [
          await x509.AuthorityKeyIdentifierExtension.create(
            await importPublic(spec.namedIssuerKey ?? issuer.key, 'SHA-256'),
          ),
        ]),
    ...(use === undefined ? [] : [new x509.ExtendedKeyUsageExtension([USES[use]])]),
    ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
  ];
}

const AUTHORITY_USAGE = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;
const LEAF_USAGE = x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment;

function alternativeNames(host: string, ipAs: readonly ('ip' | 'dns')[]) {
  const kinds: readonly ('ip' | 'dns')[] = isIP(host) === 0 ? ['dns'] : ipAs;
  return kinds.map((type) => ({ type, value: host }));
}

/** Commas and the like in a name would be read as further parts. */
function distinguishedName(commonName: string): string {
  return `CN=${commonName.replaceAll(/[,+"\\<>;=#]/g, String.raw`\$&`)}`;
}

function algorithm(keyPem: string) {
  if (isRsa(keyPem)) return { name: 'RSASSA-PKCS1-v1_5' };
  return { name: 'ECDSA', namedCurve: curve(keyPem) };
}

function curve(keyPem: string): string {
  const name = createPrivateKey(keyPem).asymmetricKeyDetails?.namedCurve;
  return name === 'secp384r1' ? 'P-384' : 'P-256';
}

function importPublic(keyPem: string, hash: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('spki', publicKeyDer(keyPem), { ...algorithm(keyPem), hash }, true, ['verify']);
}

function importPrivate(keyPem: string, hash: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', privateKeyDer(keyPem), { ...algorithm(keyPem), hash }, false, ['sign']);
}
