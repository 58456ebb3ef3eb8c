import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { type ByteSummary, HEAD_BYTES, TEXT_LIMIT, type TextSummary } from '../events.ts';

export function summariseBytes(bytes: Buffer): ByteSummary {
  return { length: bytes.length, crc32: crc32(bytes), head: bytes.toString('hex', 0, HEAD_BYTES) };
}

export function summariseText(bytes: Buffer): TextSummary {
  const text = isUtf8(bytes) ? cutText(bytes.toString('utf8')) : null;
  return { length: bytes.length, crc32: crc32(bytes), head: bytes.toString('hex', 0, HEAD_BYTES), text };
}

/** Topics come again and again: the last one is kept. */
let last: { readonly text: string; readonly summary: TextSummary } | undefined;

export function summariseString(text: string): TextSummary {
  if (last?.text !== text) last = { text, summary: summariseText(Buffer.from(text)) };
  return last.summary;
}

function cutText(text: string): string {
  return text.length <= TEXT_LIMIT ? text : text.slice(0, TEXT_LIMIT);
}
