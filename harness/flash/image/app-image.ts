import { crc32 } from 'node:zlib';
import { refusePac } from '../refuse-pac.ts';
import { SIGNATURE_BYTES } from './u-image.ts';

/** The header of a QuecOpen application, as the core's loader reads it (little-endian). */
export interface AppImage {
  readonly imageBytes: number;
  /** Major must equal the core's, minor must not be above it. */
  readonly stubMajor: number;
  readonly stubMinor: number;
  readonly isSigned: boolean;
  readonly sections: readonly AppSection[];
}

interface AppSection {
  readonly type: number;
  readonly offset: number;
  readonly sizeBytes: number;
  readonly loadAddress: number;
}

export const APP_IMAGE_MAGIC = 0x4150_5032;
const HEADER_BYTES = 128;
const CRC_OFFSET = 8;
const SECTIONS_OFFSET = 32;
const SECTION_COUNT = 6;
const SECTION_BYTES = 16;

/**
 * Checks what the core's loader will check before it starts the application: magic, size and CRC.
 * @throws HarnessError FLASH_PAC_INVALID
 */
export function readAppImage(bytes: Buffer, what = 'APPIMG'): AppImage {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== APP_IMAGE_MAGIC)
    return refusePac(`${what} in the PAC is damaged`, 'it has no application header');
  const imageBytes = bytes.readUInt32LE(4);
  if (imageBytes < HEADER_BYTES || imageBytes > bytes.length)
    refusePac(`${what} in the PAC is damaged`, `its header tells ${imageBytes} bytes and it has ${bytes.length}`);
  const after = bytes.length - imageBytes;
  if (after !== 0 && after !== SIGNATURE_BYTES)
    refusePac(
      `${what} in the PAC is damaged`,
      `${after} bytes follow the application, a signature has ${SIGNATURE_BYTES}`,
    );
  if (appCrc(bytes.subarray(0, imageBytes)) !== bytes.readUInt32LE(CRC_OFFSET))
    refusePac(`${what} in the PAC is damaged`, 'its CRC is wrong');
  const stub = bytes.readUInt32LE(12);
  return {
    imageBytes,
    stubMajor: stub >>> 16,
    stubMinor: stub & 0xffff,
    isSigned: after === SIGNATURE_BYTES,
    sections: Array.from({ length: SECTION_COUNT }, (_, index) => sectionOf(bytes, index)).filter(
      ({ type }) => type !== 0,
    ),
  };
}

/** An application image around any payload, for tests and the virtual module. */
export function buildAppImage(payload: Uint8Array, { stubVersion = 0x1_0000 } = {}): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(APP_IMAGE_MAGIC, 0);
  header.writeUInt32LE(HEADER_BYTES + payload.length, 4);
  header.writeUInt32LE(stubVersion, 12);
  header.writeUInt32LE(1, SECTIONS_OFFSET);
  header.writeUInt32LE(HEADER_BYTES, SECTIONS_OFFSET + 4);
  header.writeUInt32LE(payload.length, SECTIONS_OFFSET + 8);
  const image = Buffer.concat([header, payload]);
  image.writeUInt32LE(appCrc(image), CRC_OFFSET);
  return image;
}

/** CRC-32 of the image with its own field taken as zero. */
function appCrc(image: Buffer): number {
  const head = crc32(image.subarray(0, CRC_OFFSET));
  return crc32(image.subarray(CRC_OFFSET + 4), crc32(Buffer.alloc(4), head));
}

function sectionOf(bytes: Buffer, index: number): AppSection {
  const at = SECTIONS_OFFSET + index * SECTION_BYTES;
  return {
    type: bytes.readUInt32LE(at),
    offset: bytes.readUInt32LE(at + 4),
    sizeBytes: bytes.readUInt32LE(at + 8),
    loadAddress: bytes.readUInt32LE(at + 12),
  };
}
