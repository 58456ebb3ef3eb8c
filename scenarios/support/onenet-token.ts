import { createHmac } from 'node:crypto';

/** What a token of the OneNET platform says. */
export interface OnenetFields {
  readonly version: string;
  /** `products/<id>/devices/<name>`. */
  readonly resource: string;
  /** When it expires, seconds since 1970. */
  readonly expiresAtS: number;
}

const METHOD = 'sha1';

/**
 * The password that the platform expects: an HMAC over the raw values in the order of their names (et, method, res, version).
 *
 * @param accessKey the device's key in base64
 */
export function onenetToken({ version, resource, expiresAtS }: OnenetFields, accessKey: string): string {
  const text = [expiresAtS, METHOD, resource, version].join('\n');
  const sign = createHmac(METHOD, Buffer.from(accessKey, 'base64')).update(text).digest('base64');
  return `version=${escape(version)}&res=${escape(resource)}&et=${expiresAtS}&method=${METHOD}&sign=${escape(sign)}`;
}

/** Only these are escaped, by the platform's documents: less than a URL would have. */
function escape(value: string): string {
  return value.replaceAll(/[+ /?%#&=]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
