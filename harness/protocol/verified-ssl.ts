import type { SslConfig } from './arguments.ts';

/** The longer struct has no neutral zeros: version 0 is SSL 3.0, 4 is any; the handshake time is in seconds. */
const EXTENSION = { version: 4, sni: 0, negotiateTimeout: 60 };

/** A server that must be verified against this authority. Members that the SDK's struct lacks are there only with the feature `ssl-ext`. */
export function verifiedSsl(caFile: string, features: readonly string[]): SslConfig {
  return { ctxId: 1, verifyLevel: 1, caCert: caFile, ...(features.includes('ssl-ext') ? EXTENSION : {}) };
}
