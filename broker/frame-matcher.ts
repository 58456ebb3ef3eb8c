import type { Direction, Packet, PacketType } from './events.ts';

/** A frame on its way, as gates, waits and scripts see it. */
export interface FrameRef {
  readonly conn: number;
  readonly dir: Direction;
  /** Number of the frame on its connection and direction, as in its event. */
  readonly frame: number;
  readonly packet: Packet;
  readonly bytes: Buffer;
}

/** Which frames are meant. All that is given must hold. */
export interface FrameMatcher {
  readonly dir?: Direction;
  readonly type?: PacketType | readonly PacketType[];
  readonly packetId?: number;
  /** Topic name of a PUBLISH, exactly. */
  readonly topic?: string;
  readonly conn?: number;
  readonly where?: (frame: FrameRef) => boolean;
}

export function matchesFrame(matcher: FrameMatcher, frame: FrameRef): boolean {
  const { packet } = frame;
  if (matcher.dir !== undefined && matcher.dir !== frame.dir) return false;
  if (matcher.type !== undefined && ![matcher.type].flat().includes(packet.type)) return false;
  if (matcher.packetId !== undefined && matcher.packetId !== packetIdOf(packet)) return false;
  if (matcher.topic !== undefined && matcher.topic !== topicOf(packet)) return false;
  if (matcher.conn !== undefined && matcher.conn !== frame.conn) return false;
  return matcher.where === undefined || matcher.where(frame);
}

/** For messages: `down PUBACK 7`. */
export function describeMatcher({ dir, type, packetId, topic, conn }: FrameMatcher): string {
  const words = [dir, type === undefined ? 'frame' : [type].flat().join('|'), packetId, topic];
  const onConn = conn === undefined ? [] : [`on connection ${conn}`];
  return [...words.filter((word) => word !== undefined), ...onConn].join(' ');
}

export function packetIdOf(packet: Packet): number | null {
  return 'packetId' in packet ? packet.packetId : null;
}

function topicOf(packet: Packet): string | null {
  return packet.type === 'PUBLISH' ? packet.topic.text : null;
}
