import { createHmac } from 'node:crypto';
import type { FrameSeen } from '../../broker/events.ts';

/** The signature of a OneNET token, in its last field: what makes it a credential. */
const SIGNATURE = /(?<=&sign=)[\w%+/=.-]+/g;
const HASH_DIGITS = 24;
const BLOT = '2a';

/**
 * Replaces the signature of each token by its keyed hash: two that were the same still are, so that what was expected can be
 * compared with what came, live and from the file, and nobody can log in with it.
 */
export function scrubTokens(text: string, hashKey: string): string {
  return text.replace(SIGNATURE, (signature) =>
    createHmac('sha256', hashKey).update(signature).digest('hex').slice(0, HASH_DIGITS),
  );
}

/** The same for a hex dump of text: the signature is blotted out, its length stays. */
export function scrubTokensInHex(hex: string): string {
  const text = Buffer.from(hex, 'hex').toString('latin1');
  const scrubbed = text.replace(SIGNATURE, (signature) => '*'.repeat(signature.length));
  return scrubbed === text ? hex : Buffer.from(scrubbed, 'latin1').toString('hex');
}

/** Blots the password of a CONNECT out, which is its last field; length and CRC-32 stay, for the rule that compares them. */
export function scrubPassword<F extends Pick<FrameSeen, 'hex' | 'length' | 'packet'>>(frame: F): F {
  const { hex, length, packet } = frame;
  if (packet.type !== 'CONNECT' || packet.password === null) return frame;
  const clear = hex.slice(0, 2 * (length - packet.password.length));
  const blotted = BLOT.repeat((hex.length - clear.length) / 2);
  return { ...frame, hex: clear + blotted, packet: { ...packet, password: { ...packet.password, head: '' } } };
}
