import { crc32 } from '../protocol/crc32.ts';

const SECRET_KEYS: ReadonlySet<string> = new Set(['pass', 'clientKeyPassword', 'accessKey', 'base64']);
/** Commands whose arguments are PINs and facility passwords. */
const SECRET_COMMAND = /^(?<name>AT\+(?:CPIN|CPWD|CLCK)=).+/i;

/** A copy for the timeline: values under the names of secrets, and file contents, become `{redacted, length, crc32}`. */
export function redact(params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, redactValue(key, value)]));
}

function redactValue(key: string, value: unknown): unknown {
  if (SECRET_KEYS.has(key)) return digest(key, value);
  if (key === 'command' && typeof value === 'string') return value.replace(SECRET_COMMAND, '$<name>(redacted)');
  if (Array.isArray(value)) return value.map((one: unknown) => redactValue('', one));
  return isRecord(value) ? redact(value) : value;
}

function digest(key: string, value: unknown): unknown {
  const bytes = bytesOf(key, value);
  return bytes === undefined ? value : { redacted: true, length: bytes.length, crc32: crc32(bytes) };
}

/** Undefined for NULL and for `{pattern, length}`, which are no secrets. */
function bytesOf(key: string, value: unknown): Buffer | undefined {
  if (typeof value === 'string') return Buffer.from(value, key === 'base64' ? 'base64' : 'utf8');
  if (isRecord(value) && typeof value['hex'] === 'string') return Buffer.from(value['hex'], 'hex');
  return undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
