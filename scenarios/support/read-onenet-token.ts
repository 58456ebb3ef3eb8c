import type { OnenetFields } from './onenet-token.ts';

/** The fields of a token; undefined if one of them is missing. Says nothing of its signature. */
export function readOnenetToken(token: string): OnenetFields | undefined {
  const values = new Map(token.split('&').map((pair) => splitPair(pair)));
  const version = values.get('version');
  const resource = values.get('res');
  const expiresAtS = Number(values.get('et') ?? Number.NaN);
  if (version === undefined || resource === undefined || !Number.isSafeInteger(expiresAtS)) return undefined;
  return { version, resource, expiresAtS };
}

function splitPair(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at), unescape(pair.slice(at + 1))];
}

function unescape(value: string): string {
  return value.replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
