import { type Cut, FrameCutter } from '../frame/cutter.ts';
import { type Decoded, decodeFrame } from '../frame/decode.ts';

/** Cuts what a peer receives into frames again, decoded; gates may have changed them on the way. */
export class FrameSource {
  readonly #cutter = new FrameCutter(Number.POSITIVE_INFINITY);

  push(bytes: Buffer): { readonly bytes: Buffer; readonly decoded: Decoded | undefined }[] {
    return this.#cutter.push(bytes).map(decodeCut);
  }
}

function decodeCut(cut: Cut) {
  return 'frame' in cut
    ? { bytes: cut.frame, decoded: decodeFrame(cut.frame) }
    : { bytes: cut.junk, decoded: undefined };
}
