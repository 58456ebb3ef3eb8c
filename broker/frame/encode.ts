/** What a PUBLISH to the module says; illegal values are written as they are. */
export interface PublishFields {
  readonly topic: string | Buffer;
  readonly payload?: string | Buffer;
  readonly qos?: number;
  readonly dup?: boolean;
  readonly retain?: boolean;
  /** Written when QoS is not 0. */
  readonly packetId?: number;
}

const ACKS = { PUBACK: 0x40, PUBREC: 0x50, PUBREL: 0x62, PUBCOMP: 0x70, UNSUBACK: 0xb0 } as const;

/**
 * Makes the packets that a server sends. Nothing is checked: a script may want a return code, a packet id or a QoS that
 * no server would send. What can't be said here is written as hex.
 */
export const encode = {
  connack: (returnCode = 0, sessionPresent = false): Buffer =>
    Buffer.from([0x20, 2, sessionPresent ? 1 : 0, returnCode]),

  ack: (type: keyof typeof ACKS, packetId: number): Buffer => packet(ACKS[type], word(packetId)),

  suback: (packetId: number, codes: readonly number[]): Buffer => packet(0x90, word(packetId), Buffer.from(codes)),

  pingresp: (): Buffer => Buffer.from([0xd0, 0]),

  publish: ({ topic, payload = '', qos = 0, dup = false, retain = false, packetId = 0 }: PublishFields): Buffer => {
    const first = 0x30 | (dup ? 8 : 0) | ((qos & 3) << 1) | (retain ? 1 : 0);
    const name = Buffer.from(topic);
    return packet(first, word(name.length), name, qos === 0 ? Buffer.alloc(0) : word(packetId), Buffer.from(payload));
  },

  /** Bytes given as hex; blanks are for the reader. */
  hex: (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex'),
};

function packet(first: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([first]), remainingLength(body.length), body]);
}

/** MQTT 3.1.1, 2.2.3: seven bits a byte, the lowest first. */
function remainingLength(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.from(bytes);
}

function word(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}
