import { isIPv4, isIPv6 } from 'node:net';
import type { Direction } from '../../broker/events.ts';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** What a segment says besides its bytes. */
export type Flag = 'SYN' | 'ACK' | 'PSH' | 'FIN' | 'RST';

const FLAG_BITS: Readonly<Record<Flag, number>> = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16 };
const TCP_HEADER = 20;
const PROTOCOL_TCP = 6;
/** An IP packet tells its length in 16 bits. */
const SEGMENT_BYTES = 32 * 1024;
const WINDOW = 65_535;

/**
 * Puts the bytes of a connection into packets with IP and TCP headers.
 *
 * A user process sees a stream, not the packets that carried it: sequence numbers are counted from the bytes, each packet acknowledges all
 * that came before, nothing is lost or sent again.
 */
export class TcpConversation {
  readonly #module: Endpoint;
  readonly #broker: Endpoint;
  /** The next sequence number of each side. */
  readonly #next = { up: 0, down: 0 };

  constructor(module: Endpoint, broker: Endpoint) {
    this.#module = module;
    this.#broker = broker;
  }

  /** The three packets that open it. */
  open(): readonly Buffer[] {
    return [this.#segment('up', ['SYN']), this.#segment('down', ['SYN', 'ACK']), this.#segment('up', ['ACK'])];
  }

  data(dir: Direction, bytes: Buffer): readonly Buffer[] {
    const packets: Buffer[] = [];
    for (let from = 0; from < bytes.length; from += SEGMENT_BYTES) {
      packets.push(this.#segment(dir, ['PSH', 'ACK'], bytes.subarray(from, from + SEGMENT_BYTES)));
    }
    return packets;
  }

  end(dir: Direction, how: 'FIN' | 'RST'): Buffer {
    return this.#segment(dir, [how, 'ACK']);
  }

  #segment(dir: Direction, flags: readonly Flag[], payload: Buffer = Buffer.alloc(0)): Buffer {
    const [from, to] = dir === 'up' ? [this.#module, this.#broker] : [this.#broker, this.#module];
    const tcp = Buffer.alloc(TCP_HEADER + payload.length);
    tcp.writeUInt16BE(from.port, 0);
    tcp.writeUInt16BE(to.port, 2);
    tcp.writeUInt32BE(this.#next[dir] >>> 0, 4);
    if (flags.includes('ACK')) tcp.writeUInt32BE(this.#next[dir === 'up' ? 'down' : 'up'] >>> 0, 8);
    tcp[12] = (TCP_HEADER / 4) << 4;
    tcp[13] = flags.reduce((bits, flag) => bits | FLAG_BITS[flag], 0);
    tcp.writeUInt16BE(WINDOW, 14);
    payload.copy(tcp, TCP_HEADER);
    // SYN and FIN count as a byte each.
    this.#next[dir] += payload.length + (flags.includes('SYN') || flags.includes('FIN') ? 1 : 0);
    return inIp(plainAddress(from.address), plainAddress(to.address), tcp);
  }
}

/** `::ffff:127.0.0.1` is how a socket for both families names an IPv4 address. */
function plainAddress(address: string): string {
  const mapped = address.replace(/^::ffff:/iu, '');
  return isIPv4(mapped) ? mapped : address;
}

function inIp(from: string, to: string, tcp: Buffer): Buffer {
  // An address that is neither, e.g. of a socket that was gone too soon, is shown as 0.0.0.0.
  if (isIPv6(from) || isIPv6(to)) return inIpv6(bytesOfIpv6(from), bytesOfIpv6(to), tcp);
  return inIpv4(bytesOfIpv4(from), bytesOfIpv4(to), tcp);
}

function inIpv4(from: Buffer, to: Buffer, tcp: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(header.length + tcp.length, 2);
  header[8] = 64;
  header[9] = PROTOCOL_TCP;
  from.copy(header, 12);
  to.copy(header, 16);
  header.writeUInt16BE(checksum([header]), 10);
  const pseudo = Buffer.from([0, PROTOCOL_TCP, tcp.length >> 8, tcp.length & 0xff]);
  tcp.writeUInt16BE(checksum([from, to, pseudo, tcp]), 16);
  return Buffer.concat([header, tcp]);
}

function inIpv6(from: Buffer, to: Buffer, tcp: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = 0x60;
  header.writeUInt16BE(tcp.length, 4);
  header[6] = PROTOCOL_TCP;
  header[7] = 64;
  const pseudo = Buffer.from([0, 0, tcp.length >> 8, tcp.length & 0xff, 0, 0, 0, PROTOCOL_TCP]);
  tcp.writeUInt16BE(checksum([from, to, pseudo, tcp]), 16);
  return Buffer.concat([header, from, to, tcp]);
}

/** The one's complement sum of 16-bit words (RFC 1071); parts but the last have an even length. */
function checksum(parts: readonly Buffer[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let index = 0; index < part.length; index += 2) sum += ((part[index] ?? 0) << 8) | (part[index + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x1_0000);
  return ~sum & 0xffff;
}

function bytesOfIpv4(address: string): Buffer {
  return isIPv4(address) ? Buffer.from(address.split('.').map(Number)) : Buffer.alloc(4);
}

function bytesOfIpv6(address: string): Buffer {
  const bytes = Buffer.alloc(16);
  if (isIPv4(address)) {
    bytes.fill(0xff, 10, 12);
    bytesOfIpv4(address).copy(bytes, 12);
    return bytes;
  }
  const [head = '', tail = ''] = address.replace(/%.*$/u, '').split('::');
  const words = (text: string) => (text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16)));
  for (const [index, word] of words(head).entries()) bytes.writeUInt16BE(word, 2 * index);
  for (const [index, word] of words(tail).toReversed().entries()) bytes.writeUInt16BE(word, 14 - 2 * index);
  return bytes;
}
