import { SIGNATURE_BYTES } from '../image/u-image.ts';

/** True when no key is set, or the image ends with a signature of that key. */
export function isSignedFor(image: Buffer, key: number | undefined): boolean {
  if (key === undefined) return true;
  return image.length > SIGNATURE_BYTES && image.readUInt32LE(image.length - SIGNATURE_BYTES) === key;
}

/** The image with a signature that a simulated device of that key accepts. */
export function signImage(image: Uint8Array, key: number): Buffer {
  const trailer = Buffer.alloc(SIGNATURE_BYTES, 0x5a);
  trailer.writeUInt32LE(key, 0);
  return Buffer.concat([image, trailer]);
}
