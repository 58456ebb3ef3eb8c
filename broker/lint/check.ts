import type { Direction, PacketType } from '../events.ts';
import type { Decoded } from '../frame/decode.ts';

/** One duty that a single frame can show. `breach` says what is wrong, or nothing. */
export interface FrameCheck {
  /** A numbered statement (`MQTT-2.3.1-1`), or a section where the sentence has no number (`MQTT-2.2.1`). */
  readonly clause: string;
  /** The duty, paraphrased. */
  readonly duty: string;
  /** Frames of this direction only; both when absent. */
  readonly dir?: Direction;
  /** Packet types (high nibble of the first byte) that can break it; all when absent. */
  readonly types?: readonly number[];
  breach(frame: Decoded): string | undefined;
}

/** Narrows a decoded packet to one type. */
export function packetOf<T extends PacketType>(frame: Decoded, type: T) {
  return isPacket(frame.packet, type) ? frame.packet : undefined;
}

function isPacket<T extends PacketType>(packet: Decoded['packet'], type: T): packet is Decoded['packet'] & { type: T } {
  return packet.type === type;
}
