import type { Direction } from '../events.ts';

export interface CapturedFrame {
  readonly dir: Direction;
  readonly bytes: Buffer;
}

const MODULE = [10, 0, 0, 1];
const BROKER = [10, 0, 0, 2];
const MQTT_PORT = 1883;
const FIRST_PORT = 2000;

/** LINKTYPE_RAW: each record begins with its IP header. */
const RAW_IP = 101;

/**
 * A capture in the classic pcap format, each frame the first segment of a TCP connection of its own, so that one that can't be
 * read has no part in how the next one is. Checksums are 0, which dissectors don't look at.
 */
export function pcapOf(frames: readonly CapturedFrame[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(0x10000, 16);
  header.writeUInt32LE(RAW_IP, 20);
  return Buffer.concat([header, ...frames.flatMap((frame, index) => record(frame, FIRST_PORT + index, index))]);
}

function record({ dir, bytes }: CapturedFrame, modulePort: number, second: number): readonly Buffer[] {
  const [from, to] = dir === 'up' ? [MODULE, BROKER] : [BROKER, MODULE];
  const [fromPort, toPort] = dir === 'up' ? [modulePort, MQTT_PORT] : [MQTT_PORT, modulePort];
  const packet = Buffer.concat([ip(from, to, 20 + bytes.length), tcp(fromPort, toPort), bytes]);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(second, 0);
  header.writeUInt32LE(packet.length, 8);
  header.writeUInt32LE(packet.length, 12);
  return [header, packet];
}

/** IPv4 without options (RFC 791, 3.1). */
function ip(from: readonly number[], to: readonly number[], payloadBytes: number): Buffer {
  const header = Buffer.from([0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 6, 0, 0, ...from, ...to]);
  header.writeUInt16BE(header.length + payloadBytes, 2);
  return header;
}

/** TCP without options, ACK and PSH set (RFC 9293, 3.1). */
function tcp(fromPort: number, toPort: number): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 0xff, 0xff, 0, 0, 0, 0]);
  header.writeUInt16BE(fromPort, 0);
  header.writeUInt16BE(toPort, 2);
  return header;
}
