const PIECE_BYTES = 128;
const ESCAPE = 0x7d;

/**
 * An answer as the loaders put it on USB: pieces of 128 bytes, 129 when an escape would be torn apart. With a seed, each
 * piece is cut again into 1 to 64 bytes.
 */
export function splitTransfer(frame: Buffer, seed?: number): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < frame.length; ) {
    const end = frame[at + PIECE_BYTES - 1] === ESCAPE ? at + PIECE_BYTES + 1 : at + PIECE_BYTES;
    pieces.push(frame.subarray(at, end));
    at = end;
  }
  return seed === undefined ? pieces : pieces.flatMap((piece, index) => cutAtRandom(piece, seed * 31 + index));
}

function cutAtRandom(piece: Buffer, seed: number): readonly Buffer[] {
  const cut: Buffer[] = [];
  let state = (seed * 2_654_435_761) >>> 0;
  for (let at = 0; at < piece.length; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const end = at + 1 + (state >>> 26);
    cut.push(piece.subarray(at, end));
    at = end;
  }
  return cut;
}
