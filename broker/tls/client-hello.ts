/** What a ClientHello offers, read from the clear first record. */
export interface ClientHello {
  readonly sni: string | null;
  readonly versions: readonly string[];
  readonly ciphers: readonly number[];
  readonly extensions: readonly number[];
}

const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const SUPPORTED_VERSIONS = 43;

const VERSION_NAMES: Readonly<Record<number, string>> = {
  0x0300: 'SSLv3',
  0x0301: 'TLSv1',
  0x0302: 'TLSv1.1',
  0x0303: 'TLSv1.2',
  0x0304: 'TLSv1.3',
};

/**
 * Reads a ClientHello from what a connection began with: `incomplete` asks for more bytes, `other` is something else
 * than a ClientHello (or one that can't be read).
 */
export function readClientHello(bytes: Buffer): ClientHello | 'incomplete' | 'other' {
  const message = gatherHandshake(bytes);
  if (typeof message === 'string') return message;
  try {
    return readHello(message);
  } catch (error) {
    // Buffer reads beyond the end: lengths inside the message that lie.
    if (error instanceof RangeError || isRangeError(error)) return 'other';
    throw error;
  }
}

/** The error of a Buffer read may come from another realm under Jest. */
function isRangeError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'RangeError';
}

/** Joins the records that hold the first handshake message. */
function gatherHandshake(bytes: Buffer): Buffer | 'incomplete' | 'other' {
  const fragments: Buffer[] = [];
  let at = 0;
  for (;;) {
    if (at < bytes.length && bytes[at] !== HANDSHAKE_RECORD) return 'other';
    if (bytes.length < at + 5) return 'incomplete';
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    if (bytes.length < end) return 'incomplete';
    fragments.push(bytes.subarray(at + 5, end));
    at = end;
    const message = Buffer.concat(fragments);
    if (message.length > 0 && message[0] !== CLIENT_HELLO) return 'other';
    if (message.length >= 4 && message.length >= 4 + message.readUIntBE(1, 3))
      return message.subarray(4, 4 + message.readUIntBE(1, 3));
  }
}

/** RFC 5246, 7.4.1.2: version, random, session id, cipher suites, compression methods, extensions. */
function readHello(message: Buffer): ClientHello {
  const legacyVersion = message.readUInt16BE(0);
  const ciphersAt = 35 + message.readUInt8(34);
  const ciphersEnd = ciphersAt + 2 + message.readUInt16BE(ciphersAt);
  const ciphers = words(message.subarray(ciphersAt + 2, ciphersEnd));
  const extensionsAt = ciphersEnd + 1 + message.readUInt8(ciphersEnd);
  const extensions =
    extensionsAt + 2 <= message.length ? readExtensions(message.subarray(extensionsAt + 2)) : new Map();
  return {
    sni: readSni(extensions.get(SERVER_NAME)),
    versions: readVersions(legacyVersion, extensions.get(SUPPORTED_VERSIONS)),
    ciphers,
    extensions: [...extensions.keys()],
  };
}

function readExtensions(bytes: Buffer): Map<number, Buffer> {
  const extensions = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = at + 4 + bytes.readUInt16BE(at + 2);
    extensions.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, end));
    at = end;
  }
  return extensions;
}

/** RFC 6066, 3: a list of names; only type 0, a host name, is defined. */
function readSni(extension: Buffer | undefined): string | null {
  if (extension === undefined || extension.length < 5 || extension[2] !== 0) return null;
  return extension.toString('latin1', 5, 5 + extension.readUInt16BE(3));
}

/** Without the extension of TLS 1.3, all versions up to the one named are on offer; only that one is told. */
function readVersions(legacy: number, extension: Buffer | undefined): string[] {
  const offered = extension === undefined ? [legacy] : words(extension.subarray(1));
  // 0x?a?a are GREASE values (RFC 8701): noise on purpose.
  return offered
    .filter((version) => (version & 0x0f0f) !== 0x0a0a)
    .map((version) => VERSION_NAMES[version] ?? `0x${version.toString(16)}`);
}

function words(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readUInt16BE(2 * i));
}
