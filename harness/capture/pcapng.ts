/** Blocks of a pcapng file (IETF draft-ietf-opsawg-pcapng), little-endian. */

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const DECRYPTION_SECRETS = 10;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Packets begin with their IP header. */
const LINKTYPE_RAW = 101;
const TLS_KEY_LOG = 0x544c534b;
const OPTION_COMMENT = 1;
const OPTION_APPLICATION = 4;

export interface CapturedPacket {
  /** Since 1970. */
  readonly epochUs: bigint;
  readonly bytes: Buffer;
  readonly comment?: string;
}

export interface CaptureFile {
  readonly packets: readonly CapturedPacket[];
  /** Lines of the NSS key log; they stand before the packets that they open. */
  readonly keyLog: string;
  readonly application: string;
}

export function encodePcapng({ packets, keyLog, application }: CaptureFile): Buffer {
  return Buffer.concat([
    sectionHeader(application),
    block(INTERFACE_DESCRIPTION, [u16(LINKTYPE_RAW), u16(0), u32(0)]),
    ...(keyLog === '' ? [] : [decryptionSecrets(keyLog)]),
    ...packets.map(enhancedPacket),
  ]);
}

function sectionHeader(application: string): Buffer {
  const unknownLength = Buffer.alloc(8, 0xff);
  const options = [option(OPTION_APPLICATION, application), END_OF_OPTIONS];
  return block(SECTION_HEADER, [u32(BYTE_ORDER_MAGIC), u16(1), u16(0), unknownLength, ...options]);
}

function decryptionSecrets(keyLog: string): Buffer {
  const secrets = Buffer.from(keyLog, 'ascii');
  return block(DECRYPTION_SECRETS, [u32(TLS_KEY_LOG), u32(secrets.length), padded(secrets)]);
}

/** Times are in microseconds, the default of an interface. */
function enhancedPacket({ epochUs, bytes, comment }: CapturedPacket): Buffer {
  const [high, low] = [Number(epochUs >> 32n), Number(epochUs & 0xff_ff_ff_ffn)];
  const options = comment === undefined ? [] : [option(OPTION_COMMENT, comment), END_OF_OPTIONS];
  const lengths = [u32(bytes.length), u32(bytes.length)];
  return block(ENHANCED_PACKET, [u32(0), u32(high), u32(low), ...lengths, padded(bytes), ...options]);
}

const END_OF_OPTIONS = Buffer.alloc(4);

function option(code: number, text: string): Buffer {
  const value = Buffer.from(text);
  return Buffer.concat([u16(code), u16(value.length), padded(value)]);
}

/** A block tells its length at both ends. */
function block(type: number, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = u32(body.length + 12);
  return Buffer.concat([u32(type), length, body, length]);
}

/** To a multiple of four bytes. */
function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
