/**
 * Internet checksum (RFC 1071) over big-endian words; an odd last byte is the high byte of a last word.
 * It closes every BSL frame; "123456789" gives 0xF62A.
 */
export function rfc1071(bytes: Uint8Array): number {
  let sum = 0;
  let index = 0;
  for (const end = bytes.length - 1; index < end; index += 2)
    sum += ((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0);
  if (index < bytes.length) sum += (bytes[index] ?? 0) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}
