import { issue } from './issue.ts';
import { type KeyKind, makeKey } from './keys.ts';
import type { Identity } from './serve-tls.ts';

/**
 * The certificate authority of one run: plain PEM texts, so that the process that makes it can hand it to others. All
 * certificates of a run share one leaf key: they differ, keys need not.
 */
export interface Authority {
  readonly root: Identity;
  /** Signs what a server or client shows, itself signed by the root. */
  readonly intermediate: Identity;
  /** Key of all leaf certificates. */
  readonly leafKey: string;
  /** An authority with the same name as the root, and another key. */
  readonly impostor: Identity;
  /** An authority that nobody has heard of. */
  readonly stranger: Identity;
  /** The moment that all validity periods are reckoned from, ms since 1970. */
  readonly epochMs: number;
}

export const DAY_MS = 86_400_000;

export interface AuthorityOptions {
  readonly commonName?: string;
  readonly epochMs?: number;
  /** RSA-2048 when absent: what every module can do. */
  readonly keys?: KeyKind;
}

/** Makes the keys and authority certificates of a run: about a second, nearly all of it for four RSA keys. */
export async function makeAuthority(options: AuthorityOptions = {}): Promise<Authority> {
  const { commonName = 'ql-mqtt-hil run authority', epochMs = Date.now(), keys = 'rsa-2048' } = options;
  const [rootKey, intermediateKey, leafKey, impostorKey] = await Promise.all(
    Array.from({ length: 4 }, () => makeKey(keys)),
  );
  if (!rootKey || !intermediateKey || !leafKey || !impostorKey) throw new TypeError('keys are missing');
  const validity = { notBefore: new Date(epochMs - DAY_MS), notAfter: new Date(epochMs + 3650 * DAY_MS) };
  const root = { key: rootKey, cert: await issue({ commonName, key: rootKey, authority: {}, ...validity }) };
  const intermediateCert = await issue({
    commonName: `${commonName}, intermediate`,
    key: intermediateKey,
    issuer: root,
    authority: { pathLength: 0 },
    ...validity,
  });
  const impostorCert = await issue({ commonName, key: impostorKey, authority: {}, ...validity });
  const strangerName = 'an authority that nobody knows';
  const strangerCert = await issue({ commonName: strangerName, key: impostorKey, authority: {}, ...validity });
  return {
    root,
    intermediate: { key: intermediateKey, cert: intermediateCert },
    leafKey,
    impostor: { key: impostorKey, cert: impostorCert },
    stranger: { key: impostorKey, cert: strangerCert },
    epochMs,
  };
}
