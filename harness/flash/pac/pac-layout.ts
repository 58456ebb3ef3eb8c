/** Sizes and marks of a PAC container: `[header][fileCount × entry][data…][XML]`, all integers little-endian. */
export const PAC_HEADER_BYTES = 2124;
export const PAC_ENTRY_BYTES = 2580;
export const PAC_MAGIC = 0xfffa_fffa;
/** Quectel's own tool refuses more. */
export const PAC_MAX_FILES = 64;
/** Far above any 8910 firmware (8 MiB of flash), far below what would hurt the host. */
export const PAC_MAX_BYTES = 64 * 1024 * 1024;
/** Quectel's own tool refuses a shorter XML. */
export const PAC_MIN_XML_BYTES = 1024;

/** Offsets in the header; texts are UTF-16LE in fields padded with NUL. */
export const PAC_HEADER = {
  version: 0,
  versionBytes: 48,
  sizeBytes: 48,
  product: 52,
  productVersion: 564,
  textBytes: 512,
  fileCount: 1076,
  fileTable: 1080,
  mode: 1084,
  flashType: 1088,
  nandStrategy: 1092,
  nvBackup: 1096,
  alias: 1104,
  aliasBytes: 200,
  isOmaDm: 1308,
  isPreload: 1312,
  magic: 2116,
  headerCrc: 2120,
  bodyCrc: 2122,
} as const;

/** Offsets in a file entry. */
export const PAC_ENTRY = {
  size: 0,
  id: 4,
  name: 516,
  textBytes: 512,
  dataBytes: 1540,
  flag: 1544,
  check: 1548,
  dataOffset: 1552,
  canOmit: 1556,
  addressCount: 1560,
  address: 1564,
} as const;

/** What an entry is. */
export const PAC_FLAG = { operation: 0, data: 1, xml: 2 } as const;

export type PacEntryKind = keyof typeof PAC_FLAG;

export interface PacEntry {
  readonly kind: PacEntryKind;
  /** Empty for the XML. */
  readonly id: string;
  readonly fileName: string;
  /** Selected by default in the vendor's PC tool. */
  readonly checked: boolean;
  readonly address: number;
  readonly dataOffset: number;
  readonly bytes: Buffer;
}

export interface PacContainer {
  readonly version: string;
  readonly product: string;
  readonly productVersion: string;
  readonly alias: string;
  readonly nvBackup: boolean;
  readonly entries: readonly PacEntry[];
  /** The embedded XML; undefined when there is none. */
  readonly xml: Buffer | undefined;
  /** What was let pass because the caller asked for it. */
  readonly warnings: readonly string[];
}
