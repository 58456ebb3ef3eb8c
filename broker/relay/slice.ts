import type { Direction } from '../events.ts';
import type { ByteFault } from './byte-fault.ts';

/** Cuts the stream into pieces of `pieceBytes`, each a segment of its own, with `gapMs` before each but the first of a chunk. */
export function slice(pieceBytes: number, { gapMs = 0, dir }: { gapMs?: number; dir?: Direction } = {}): ByteFault {
  return {
    name: `slice ${pieceBytes} bytes`,
    ...(dir !== undefined && { dir }),
    start: () => (bytes) =>
      Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, i) => ({
        bytes: bytes.subarray(i * pieceBytes, (i + 1) * pieceBytes),
        afterMs: i === 0 ? 0 : gapMs,
      })),
  };
}
