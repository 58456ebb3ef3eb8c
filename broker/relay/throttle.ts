import type { Direction } from '../events.ts';
import type { ByteFault } from './byte-fault.ts';

/** Pieces per second: small enough to look like a slow link, large enough to be cheap. */
const PIECES_PER_S = 20;

/** Lets `bytesPerS` through, evenly. */
export function throttle(bytesPerS: number, { dir }: { dir?: Direction } = {}): ByteFault {
  const pieceBytes = Math.max(1, Math.round(bytesPerS / PIECES_PER_S));
  return {
    name: `throttle ${bytesPerS} B/s`,
    ...(dir !== undefined && { dir }),
    start: () => (bytes) =>
      Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, i) => {
        const piece = bytes.subarray(i * pieceBytes, (i + 1) * pieceBytes);
        return { bytes: piece, afterMs: (piece.length / bytesPerS) * 1000 };
      }),
  };
}
