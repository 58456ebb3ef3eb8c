import { crc32 } from 'node:zlib';
import { refusePac } from '../refuse-pac.ts';

/** A U-Boot legacy image: loaders, boot and core are one. Its header is big-endian. */
export interface UImage {
  readonly name: string;
  readonly load: number;
  readonly entry: number;
  readonly payload: Buffer;
  /** Signature and certificate of a signed build. */
  readonly trailer: Buffer;
}

export const U_IMAGE_MAGIC = 0x2705_1956;
const HEADER_BYTES = 64;
const NAME_BYTES = 32;
/** What signing appends to any image of this family. */
export const SIGNATURE_BYTES = 608;

/**
 * Checks header and data CRC.
 * @throws HarnessError FLASH_PAC_INVALID — naming `what` and the part that is wrong
 */
export function readUImage(bytes: Buffer, what: string): UImage {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32BE(0) !== U_IMAGE_MAGIC)
    return refusePac(`${what} in the PAC is damaged`, 'it is no uImage');
  const header = Buffer.from(bytes.subarray(0, HEADER_BYTES));
  const headerCrc = header.readUInt32BE(4);
  header.writeUInt32BE(0, 4);
  if (crc32(header) !== headerCrc) refusePac(`${what} in the PAC is damaged`, 'the CRC of its header is wrong');
  const end = HEADER_BYTES + header.readUInt32BE(12);
  if (end > bytes.length)
    refusePac(`${what} in the PAC is damaged`, `its header tells ${end} bytes and it has ${bytes.length}`);
  const payload = bytes.subarray(HEADER_BYTES, end);
  if (crc32(payload) !== header.readUInt32BE(24))
    refusePac(`${what} in the PAC is damaged`, 'the CRC of its data is wrong');
  const trailer = bytes.subarray(end);
  if (trailer.length !== 0 && trailer.length !== SIGNATURE_BYTES)
    refusePac(
      `${what} in the PAC is damaged`,
      `${trailer.length} bytes follow its data, a signature has ${SIGNATURE_BYTES}`,
    );
  return {
    name: header.toString('latin1', 32, 32 + NAME_BYTES).replace(/\0.*$/su, ''),
    load: header.readUInt32BE(16),
    entry: header.readUInt32BE(20),
    payload,
    trailer,
  };
}

/** Wraps a payload, for tests and for firmware built without the vendor's tools. */
export function buildUImage(
  payload: Uint8Array,
  { load, name }: { readonly load: number; readonly name: string },
): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(U_IMAGE_MAGIC, 0);
  header.writeUInt32BE(payload.length, 12);
  header.writeUInt32BE(load, 16);
  header.writeUInt32BE(load + HEADER_BYTES, 20);
  header.writeUInt32BE(crc32(payload), 24);
  header.write(name.slice(0, NAME_BYTES - 1), 32, 'latin1');
  header.writeUInt32BE(crc32(header), 4);
  return Buffer.concat([header, payload]);
}
