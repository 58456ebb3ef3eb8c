import { refusePac } from '../refuse-pac.ts';
import {
  CPIO_HEADER_BYTES,
  CPIO_MAGIC,
  CPIO_TRAILER,
  checkPrepackName,
  type PrepackFile,
  PrepackReader,
} from './prepack-reader.ts';

/**
 * The files of a whole PREPACK.
 * @throws HarnessError FLASH_PAC_INVALID — a member breaks a rule, two have one name, or the trailer is missing
 */
export function readPrepack(bytes: Uint8Array): readonly PrepackFile[] {
  const reader = new PrepackReader();
  const files = reader.push(bytes);
  if (!reader.ended) refusePac('PREPACK in the PAC is refused', 'it ends before its trailer');
  if (new Set(files.map((file) => file.name)).size !== files.length)
    refusePac('PREPACK in the PAC is refused', 'two members have one name');
  return files;
}

/** @throws HarnessError FLASH_PAC_INVALID — a name that would be refused when read */
export function buildPrepack(files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Buffer {
  return Buffer.concat([
    ...files.map(({ name, bytes }) => member(checkPrepackName(name), bytes, 0x81a4)),
    member(CPIO_TRAILER, new Uint8Array(0), 0),
  ]);
}

function member(name: string, bytes: Uint8Array, mode: number): Buffer {
  const header = Buffer.alloc(CPIO_HEADER_BYTES);
  const nameBytes = Buffer.from(`${name}\0`, 'latin1');
  header.writeUInt16LE(CPIO_MAGIC, 0);
  header.writeUInt16LE(mode, 6);
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(nameBytes.length, 20);
  header.writeUInt16LE(bytes.length >>> 16, 22);
  header.writeUInt16LE(bytes.length & 0xffff, 24);
  return Buffer.concat([header, padded(nameBytes), padded(bytes)]);
}

function padded(bytes: Uint8Array): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
}
