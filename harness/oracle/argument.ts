import { crc32 } from '../protocol/crc32.ts';
import { isRecord } from '../timeline/member-type.ts';

/** Bytes as the wire, a callback and an argument can all be reduced to. */
export interface Summary {
  readonly length: number;
  readonly crc32: number;
}

const encoder = new TextEncoder();

/** Text of a byte a character and none of them NUL, as most arguments are: it need not be encoded. */
// oxlint-disable-next-line no-control-regex -- the control characters are meant
const PLAIN = /^[\x01-\x7f]*$/;

/**
 * What a C string argument holds: its bytes up to the first NUL. Null for a NULL pointer, undefined if it can't be told.
 *
 * An argument is text, null, `{hex}`, `{pattern, length, seed}` (docs/protocol.md §5.1) or what the host put in a secret's place.
 */
export function summariseString(argument: unknown): Summary | null | undefined {
  if (typeof argument === 'string' && PLAIN.test(argument)) return summarisePlain(argument);
  if (isRedacted(argument)) return { length: argument.length, crc32: argument.crc32 };
  const bytes = findArgumentBytes(argument);
  if (bytes === undefined || bytes === null) return bytes;
  const end = bytes.indexOf(0);
  return summarise(end === -1 ? bytes : bytes.subarray(0, end));
}

/** What a payload argument puts on the wire: its first `length` bytes. Undefined if it can't be told. */
export function summarisePayload(argument: unknown, length: unknown): Summary | null | undefined {
  if (typeof argument === 'string' && length === undefined && PLAIN.test(argument)) return summaryOf(argument);
  if (isRedacted(argument)) return { length: argument.length, crc32: argument.crc32 };
  const bytes = findArgumentBytes(argument);
  if (bytes === undefined) return undefined;
  if (bytes === null) return length === undefined || length === 0 ? summarise(new Uint8Array()) : null;
  if (typeof length !== 'number') return summarise(bytes);
  // More than there is: what lies behind the argument is the module's memory.
  return length > bytes.length ? undefined : summarise(bytes.subarray(0, length));
}

/** The text of a string argument; undefined if it is none or not text. */
export function findArgumentText(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  const bytes = findArgumentBytes(argument);
  return bytes === undefined || bytes === null ? undefined : new TextDecoder().decode(bytes);
}

export function sameBytes(a: Summary, b: Summary): boolean {
  return a.length === b.length && a.crc32 === b.crc32;
}

/** Topics come again and again. */
const known = new Map<string, Summary>();
const KNOWN_MOST = 256;
const KNOWN_LONGEST = 256;

function summarisePlain(text: string): Summary {
  const before = known.get(text);
  if (before !== undefined) return before;
  const summary = summaryOf(text);
  if (text.length > KNOWN_LONGEST) return summary;
  if (known.size === KNOWN_MOST) known.clear();
  known.set(text, summary);
  return summary;
}

/** Of a text of a byte a character. */
function summaryOf(text: string): Summary {
  return { length: text.length, crc32: crc32(text) };
}

function summarise(bytes: Uint8Array): Summary {
  return { length: bytes.length, crc32: crc32(bytes) };
}

function findArgumentBytes(argument: unknown): Uint8Array | null | undefined {
  if (argument === null) return null;
  if (typeof argument === 'string') return encoder.encode(argument);
  if (!isRecord(argument)) return undefined;
  if (typeof argument['hex'] === 'string') return fromHex(argument['hex']);
  if (typeof argument['length'] === 'number') return generated(argument, argument['length']);
  return undefined;
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

function generated(argument: Readonly<Record<string, unknown>>, length: number): Uint8Array {
  const { pattern, seed } = argument;
  if (typeof pattern === 'string' && pattern !== '') return repeated(encoder.encode(pattern), length);
  return pseudoRandom(typeof seed === 'number' ? seed : 0, length);
}

function repeated(pattern: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => pattern[index % pattern.length] ?? 0);
}

/** xorshift32 of the seed, or of 1 if it is 0; each byte is the low 8 bits of the next state. */
function pseudoRandom(seed: number, length: number): Uint8Array {
  let state = seed >>> 0 || 1;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state & 0xff;
  });
}

function isRedacted(argument: unknown): argument is Summary {
  return (
    isRecord(argument) &&
    argument['redacted'] === true &&
    typeof argument['length'] === 'number' &&
    typeof argument['crc32'] === 'number'
  );
}
