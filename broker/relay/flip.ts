import type { Direction } from '../events.ts';
import type { ByteFault } from './byte-fault.ts';

/** Flips bits of the byte at `offset` of a direction: the bits that are 1 in `mask`. Inside a TLS record it breaks the MAC. */
export function flip(offset: number, { mask = 0x01, dir }: { mask?: number; dir?: Direction } = {}): ByteFault {
  return {
    name: `flip byte ${offset}`,
    ...(dir !== undefined && { dir }),
    start: () => (bytes, start) => {
      const index = offset - start;
      if (index < 0 || index >= bytes.length) return [{ bytes, afterMs: 0 }];
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(bytes.readUInt8(index) ^ mask, index);
      return [{ bytes: flipped, afterMs: 0 }];
    },
  };
}
