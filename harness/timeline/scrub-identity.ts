import { createHmac } from 'node:crypto';

/** An IMEI has 15 digits (16 with its software version), an IMSI up to 15, an ICCID 18 to 20. */
const SUBSCRIBER_NUMBER = /\d{14,20}/g;
const HASH_DIGITS = 12;

/**
 * Replaces what may be an IMEI, IMSI or ICCID by its keyed hash and last four digits, so that two lines can still be seen to
 * name the same card and nobody can read which.
 */
export function scrubIdentity(text: string, hashKey: string): string {
  return text.replace(SUBSCRIBER_NUMBER, (number) => `${hashOf(number, hashKey)}-${number.slice(-4)}`);
}

/** The same for a hex dump of text: the digits are blotted out, its length stays. */
export function scrubHex(hex: string): string {
  const text = Buffer.from(hex, 'hex').toString('latin1');
  const scrubbed = text.replace(SUBSCRIBER_NUMBER, (number) => '*'.repeat(number.length));
  return scrubbed === text ? hex : Buffer.from(scrubbed, 'latin1').toString('hex');
}

function hashOf(number: string, hashKey: string): string {
  return createHmac('sha256', hashKey).update(number).digest('hex').slice(0, HASH_DIGITS);
}
