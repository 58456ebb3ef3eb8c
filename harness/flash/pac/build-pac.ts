import { crc16Arc } from '../crc16-arc.ts';
import {
  PAC_ENTRY,
  PAC_ENTRY_BYTES,
  PAC_FLAG,
  PAC_HEADER,
  PAC_HEADER_BYTES,
  PAC_MAGIC,
  type PacEntryKind,
} from './pac-layout.ts';

export interface PacPart {
  readonly kind: PacEntryKind;
  readonly id: string;
  readonly fileName: string;
  readonly checked: boolean;
  readonly address: number;
  readonly bytes: Uint8Array;
}

export interface PacSpec {
  readonly version?: string;
  readonly product: string;
  readonly productVersion: string;
  readonly alias: string;
  readonly nvBackup?: boolean;
  /** In file order; the XML goes last. */
  readonly parts: readonly PacPart[];
}

/** Writes a PAC container with its CRCs: for tests, for the virtual module, for firmware builds without the vendor's tools. */
export function buildPac(spec: PacSpec): Buffer {
  const tableEnd = PAC_HEADER_BYTES + spec.parts.length * PAC_ENTRY_BYTES;
  let dataOffset = tableEnd;
  const entries = spec.parts.map((part) => {
    const entry = entryOf(part, dataOffset);
    dataOffset += part.bytes.length;
    return entry;
  });
  const body = Buffer.concat([...entries, ...spec.parts.map((part) => part.bytes)]);
  return Buffer.concat([headerOf(spec, body), body]);
}

function entryOf(part: PacPart, dataOffset: number): Buffer {
  const entry = Buffer.alloc(PAC_ENTRY_BYTES);
  entry.writeUInt32LE(PAC_ENTRY_BYTES, PAC_ENTRY.size);
  writeText(entry, part.id, PAC_ENTRY.id, PAC_ENTRY.textBytes);
  writeText(entry, part.fileName, PAC_ENTRY.name, PAC_ENTRY.textBytes);
  entry.writeUInt32LE(part.bytes.length, PAC_ENTRY.dataBytes);
  entry.writeUInt32LE(PAC_FLAG[part.kind], PAC_ENTRY.flag);
  entry.writeUInt32LE(part.checked ? 1 : 0, PAC_ENTRY.check);
  entry.writeUInt32LE(dataOffset, PAC_ENTRY.dataOffset);
  entry.writeUInt32LE(1, PAC_ENTRY.addressCount);
  entry.writeUInt32LE(part.address, PAC_ENTRY.address);
  return entry;
}

function headerOf(spec: PacSpec, body: Buffer): Buffer {
  const header = Buffer.alloc(PAC_HEADER_BYTES);
  writeText(header, spec.version ?? 'BP_R1.0.0', PAC_HEADER.version, PAC_HEADER.versionBytes);
  header.writeUInt32LE(PAC_HEADER_BYTES + body.length, PAC_HEADER.sizeBytes);
  writeText(header, spec.product, PAC_HEADER.product, PAC_HEADER.textBytes);
  writeText(header, spec.productVersion, PAC_HEADER.productVersion, PAC_HEADER.textBytes);
  header.writeUInt32LE(spec.parts.length, PAC_HEADER.fileCount);
  header.writeUInt32LE(PAC_HEADER_BYTES, PAC_HEADER.fileTable);
  header.writeUInt32LE(1, PAC_HEADER.flashType);
  header.writeUInt32LE(1, PAC_HEADER.nandStrategy);
  header.writeUInt32LE(spec.nvBackup === true ? 1 : 0, PAC_HEADER.nvBackup);
  writeText(header, spec.alias, PAC_HEADER.alias, PAC_HEADER.aliasBytes);
  header.writeUInt32LE(1, PAC_HEADER.isOmaDm);
  header.writeUInt32LE(1, PAC_HEADER.isPreload);
  header.writeUInt32LE(PAC_MAGIC, PAC_HEADER.magic);
  header.writeUInt16LE(crc16Arc(header.subarray(0, PAC_HEADER.headerCrc)), PAC_HEADER.headerCrc);
  header.writeUInt16LE(crc16Arc(body), PAC_HEADER.bodyCrc);
  return header;
}

/** @throws RangeError — the text does not fit its field with a closing NUL */
function writeText(target: Buffer, value: string, offset: number, fieldBytes: number): void {
  if (Buffer.byteLength(value, 'utf16le') > fieldBytes - 2)
    throw new RangeError(`"${value}" is too long for its field`);
  target.write(value, offset, 'utf16le');
}
