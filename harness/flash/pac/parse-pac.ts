import { crc16Arc } from '../crc16-arc.ts';
import { refusePac } from '../refuse-pac.ts';
import {
  PAC_ENTRY,
  PAC_ENTRY_BYTES,
  PAC_FLAG,
  PAC_HEADER,
  PAC_HEADER_BYTES,
  PAC_MAGIC,
  PAC_MAX_BYTES,
  PAC_MAX_FILES,
  type PacContainer,
  type PacEntry,
  type PacEntryKind,
} from './pac-layout.ts';

export interface ParsePacOptions {
  /** A wrong CRC becomes a warning. Everything else stays an error. */
  readonly ignoreCrc?: boolean;
}

/**
 * Reads a PAC and verifies all that it says about itself: size, magic, both CRCs, every range, every name. The entries
 * are views of `file`, so memory is that of the file.
 * @throws HarnessError FLASH_PAC_INVALID — with the offset of what is wrong
 */
export function parsePac(file: Buffer, options: ParsePacOptions = {}): PacContainer {
  const warnings: string[] = [];
  checkSize(file);
  checkCrc(file, options, warnings);
  const fileCount = readFileCount(file);
  const entries = Array.from({ length: fileCount }, (_, index) => readEntry(file, index, fileCount));
  checkRanges(entries, PAC_HEADER_BYTES + fileCount * PAC_ENTRY_BYTES);
  checkIds(entries);
  return {
    version: text(file, PAC_HEADER.version, PAC_HEADER.versionBytes),
    product: text(file, PAC_HEADER.product, PAC_HEADER.textBytes),
    productVersion: text(file, PAC_HEADER.productVersion, PAC_HEADER.textBytes),
    alias: text(file, PAC_HEADER.alias, PAC_HEADER.aliasBytes),
    nvBackup: file.readUInt32LE(PAC_HEADER.nvBackup) !== 0,
    entries,
    xml: entries.find((entry) => entry.kind === 'xml')?.bytes,
    warnings,
  };
}

function checkSize(file: Buffer): void {
  if (file.length < PAC_HEADER_BYTES)
    refuse(`the file has ${file.length} bytes, a PAC header alone has ${PAC_HEADER_BYTES}`);
  if (file.length > PAC_MAX_BYTES) refuse(`the file has ${file.length} bytes, more than ${PAC_MAX_BYTES}`);
  if (file.readUInt32LE(PAC_HEADER.magic) !== PAC_MAGIC) refuse('the magic is not FA FF FA FF', PAC_HEADER.magic);
  const claimed = file.readUInt32LE(PAC_HEADER.sizeBytes);
  if (claimed !== file.length)
    refuse(`the header tells ${claimed} bytes and the file has ${file.length}`, PAC_HEADER.sizeBytes);
}

function checkCrc(file: Buffer, { ignoreCrc = false }: ParsePacOptions, warnings: string[]): void {
  for (const [part, offset, bytes] of [
    ['header', PAC_HEADER.headerCrc, file.subarray(0, PAC_HEADER.headerCrc)],
    ['contents', PAC_HEADER.bodyCrc, file.subarray(PAC_HEADER_BYTES)],
  ] as const) {
    const told = file.readUInt16LE(offset);
    const actual = crc16Arc(bytes);
    if (told === actual) continue;
    const message = `the CRC of the ${part} is ${hex(actual)} and the file tells ${hex(told)}`;
    if (!ignoreCrc) refuse(message, offset);
    warnings.push(message);
  }
}

function readFileCount(file: Buffer): number {
  const fileCount = file.readUInt32LE(PAC_HEADER.fileCount);
  if (fileCount === 0 || fileCount > PAC_MAX_FILES)
    refuse(`${fileCount} files where 1 to ${PAC_MAX_FILES} are possible`, PAC_HEADER.fileCount);
  if (file.readUInt32LE(PAC_HEADER.fileTable) !== PAC_HEADER_BYTES)
    refuse(`the file table is not at ${PAC_HEADER_BYTES}`, PAC_HEADER.fileTable);
  if (PAC_HEADER_BYTES + fileCount * PAC_ENTRY_BYTES > file.length)
    refuse(`the file ends inside its table of ${fileCount} files`, file.length);
  return fileCount;
}

function readEntry(file: Buffer, index: number, fileCount: number): PacEntry {
  const at = PAC_HEADER_BYTES + index * PAC_ENTRY_BYTES;
  const entry = file.subarray(at, at + PAC_ENTRY_BYTES);
  if (entry.readUInt32LE(PAC_ENTRY.size) !== PAC_ENTRY_BYTES)
    refuse(`entry ${index} is not ${PAC_ENTRY_BYTES} long`, at);
  const kind = kindOf(entry.readUInt32LE(PAC_ENTRY.flag), index, at);
  if (kind === 'xml' && index !== fileCount - 1) refuse(`entry ${index} is an XML and not the last one`, at);
  const dataBytes = entry.readUInt32LE(PAC_ENTRY.dataBytes);
  if (kind === 'operation' && dataBytes !== 0) refuse(`entry ${index} is an operation and has ${dataBytes} bytes`, at);
  const dataOffset = entry.readUInt32LE(PAC_ENTRY.dataOffset);
  if (kind !== 'operation' && dataOffset + dataBytes > file.length)
    refuse(`the data of entry ${index} ends at ${dataOffset + dataBytes}, past the end of the file`, at);
  return {
    kind,
    id: identifier(text(entry, PAC_ENTRY.id, PAC_ENTRY.textBytes), index, at),
    fileName: text(entry, PAC_ENTRY.name, PAC_ENTRY.textBytes),
    checked: entry.readUInt32LE(PAC_ENTRY.check) !== 0,
    address: entry.readUInt32LE(PAC_ENTRY.address),
    dataOffset,
    bytes: kind === 'operation' ? Buffer.alloc(0) : file.subarray(dataOffset, dataOffset + dataBytes),
  };
}

function kindOf(flag: number, index: number, at: number): PacEntryKind {
  if (flag === PAC_FLAG.data) return 'data';
  if (flag === PAC_FLAG.operation) return 'operation';
  if (flag === PAC_FLAG.xml) return 'xml';
  return refuse(`entry ${index} has the unknown flag ${flag}`, at);
}

function identifier(id: string, index: number, at: number): string {
  if (!/^[\w.-]{0,64}$/u.test(id))
    refuse(`entry ${index} has the impossible id ${JSON.stringify(id.slice(0, 80))}`, at);
  return id;
}

/** No two entries may share bytes, none may reach into the table: only then is each byte what its CRC says once. */
function checkRanges(entries: readonly PacEntry[], tableEnd: number): void {
  const filled = entries.filter((entry) => entry.bytes.length > 0).toSorted((a, b) => a.dataOffset - b.dataOffset);
  let end = tableEnd;
  for (const entry of filled) {
    if (entry.dataOffset < end) refuse(`the data of "${entry.id}" overlaps what is before it`, entry.dataOffset);
    end = entry.dataOffset + entry.bytes.length;
  }
}

function checkIds(entries: readonly PacEntry[]): void {
  const seen = new Set<string>();
  for (const { id, kind } of entries) {
    if (id === '' && kind !== 'xml') refuse('an entry that is not the XML has no id');
    if (seen.has(id)) refuse(`two entries are called "${id}"`);
    seen.add(id);
  }
}

function text(bytes: Buffer, offset: number, lengthBytes: number): string {
  const field = bytes.toString('utf16le', offset, offset + lengthBytes);
  const end = field.indexOf('\0');
  return end < 0 ? field : field.slice(0, end);
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(4, '0')}`;
}

function refuse(reason: string, offsetBytes?: number): never {
  return refusePac('not a usable PAC', reason, offsetBytes === undefined ? {} : { offsetBytes });
}
