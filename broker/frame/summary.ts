import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { type ByteSummary, HEAD_BYTES, TEXT_LIMIT, type TextSummary } from '../events.ts';

export function summariseBytes(bytes: Buffer): ByteSummary {
  return { length: bytes.length, crc32: crc32(bytes), head: bytes.toString('hex', 0, HEAD_BYTES) };
}

/** Topics come again and again: the last one is kept, which halves the cost of a burst. */
let last: { readonly bytes: Buffer; readonly summary: TextSummary } | undefined;

export function summariseText(bytes: Buffer): TextSummary {
  if (last?.bytes.equals(bytes) === true) return last.summary;
  const text = isUtf8(bytes) ? cutText(bytes.toString('utf8')) : null;
  const summary = { length: bytes.length, crc32: crc32(bytes), head: bytes.toString('hex', 0, HEAD_BYTES), text };
  // A copy: the bytes are part of a larger buffer that is not to be kept.
  last = { bytes: Buffer.from(bytes), summary };
  return summary;
}

function cutText(text: string): string {
  return text.length <= TEXT_LIMIT ? text : text.slice(0, TEXT_LIMIT);
}
