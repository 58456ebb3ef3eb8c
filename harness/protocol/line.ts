import { crc32 } from './crc32.ts';

/** `*` and 8 hex digits. */
const TAIL_BYTES = 9;
const STAR = 0x2a;
const CR = 0x0d;
const HEX_TAIL = /^\*[0-9a-f]{8}$/;

export type NoiseReason = 'no-checksum' | 'bad-checksum' | 'not-json';

export type DecodedLine =
  | { readonly kind: 'message'; readonly message: unknown }
  | { readonly kind: 'empty' }
  | { readonly kind: 'noise'; readonly why: NoiseReason };

const empty: DecodedLine = { kind: 'empty' };

/** One line with checksum and LF (docs/protocol.md §1). `json` holds no raw line break: `JSON.stringify` makes none. */
export function encodeLine(json: string): string {
  return `${json}*${crc32(json).toString(16).padStart(8, '0')}\n`;
}

/** Reads one line, given without its LF. Never throws: what is not a message is noise, and says why. */
export function decodeLine(line: Buffer): DecodedLine {
  const end = line.at(-1) === CR ? line.length - 1 : line.length;
  if (end === 0) return empty;
  const star = end - TAIL_BYTES;
  if (star < 0 || line[star] !== STAR) return { kind: 'noise', why: 'no-checksum' };
  const tail = line.toString('latin1', star, end);
  if (!HEX_TAIL.test(tail)) return { kind: 'noise', why: 'no-checksum' };
  const json = line.subarray(0, star);
  if (crc32(json) !== Number.parseInt(tail.slice(1), 16)) return { kind: 'noise', why: 'bad-checksum' };
  return parse(json);
}

function parse(json: Buffer): DecodedLine {
  try {
    const message: unknown = JSON.parse(json.toString('utf8'));
    return { kind: 'message', message };
  } catch {
    // The checksum holds, so the module wrote this: the caller tells it apart from what the line did to it.
    return { kind: 'noise', why: 'not-json' };
  }
}
