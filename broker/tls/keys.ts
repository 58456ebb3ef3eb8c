import { createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

export type KeyKind = 'rsa-2048' | 'rsa-1024' | 'rsa-3072' | 'rsa-4096' | 'p-256' | 'p-384';

export interface KeyFormat {
  /** `pkcs1` (RSA) and `sec1` (EC) are the older PEM forms; `pkcs8` fits both. */
  readonly type: 'pkcs1' | 'pkcs8' | 'sec1';
  /** Encrypts the key by AES-256-CBC; in the older forms with a DEK-Info header. */
  readonly passphrase?: string;
}

const generate = promisify(generateKeyPair);

/** Makes a private key, as PKCS#8 PEM. RSA takes up to half a second: reuse one where certificates, not keys, differ. */
export async function makeKey(kind: KeyKind): Promise<string> {
  const { privateKey } = kind.startsWith('rsa')
    ? await generate('rsa', { modulusLength: Number(kind.slice('rsa-'.length)) })
    : await generate('ec', { namedCurve: kind.toUpperCase() });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The same key in the form that a module is to read. */
export function exportKey(keyPem: string, { type, passphrase }: KeyFormat): string {
  const encryption = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return createPrivateKey(keyPem)
    .export({ type, format: 'pem', ...encryption })
    .toString();
}

export function publicKeyDer(keyPem: string): Buffer {
  return createPublicKey(keyPem).export({ type: 'spki', format: 'der' });
}

export function privateKeyDer(keyPem: string): Buffer {
  return createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' });
}

export function isRsa(keyPem: string): boolean {
  return createPrivateKey(keyPem).asymmetricKeyType === 'rsa';
}
