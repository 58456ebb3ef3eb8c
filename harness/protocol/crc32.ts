import { crc32 as zlibCrc32 } from 'node:zlib';

/** CRC-32 (IEEE) as an unsigned number; text counts as its UTF-8 bytes. The CRC of `123456789` is 0xcbf43926. */
export function crc32(bytes: Uint8Array | string): number {
  return zlibCrc32(bytes);
}
