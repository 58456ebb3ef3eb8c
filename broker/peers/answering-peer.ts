import type { Packet, PacketType } from '../events.ts';
import { encode } from '../frame/encode.ts';
import { FrameSource } from './frame-source.ts';
import type { EndHow, Peer, PeerLink, PeerSession } from './peer.ts';

type PacketOf<T extends PacketType> = Extract<Packet, { type: T }>;

/** Exact bytes, an end, both in turn, or nothing. */
export type Answer = Buffer | EndHow | readonly (Buffer | EndHow)[] | undefined;

/** What is answered to each packet type; whatever is not given is answered as a correct server without memory would. */
export type Answers = { readonly [T in PacketType]?: (packet: PacketOf<T>, nth: number) => Answer };

const CORRECT: Answers = {
  CONNECT: () => encode.connack(0),
  PUBLISH: ({ qos, packetId }) => {
    if (packetId === null || qos === 0) return undefined;
    return encode.ack(qos === 1 ? 'PUBACK' : 'PUBREC', packetId);
  },
  PUBREC: ({ packetId }) => encode.ack('PUBREL', packetId),
  PUBREL: ({ packetId }) => encode.ack('PUBCOMP', packetId),
  SUBSCRIBE: ({ packetId, filters }) =>
    encode.suback(
      packetId,
      filters.map(({ qos }) => qos),
    ),
  UNSUBSCRIBE: ({ packetId }) => encode.ack('UNSUBACK', packetId),
  PINGREQ: () => encode.pingresp(),
  DISCONNECT: () => 'fin',
};

/**
 * A server of known bytes: each packet has its answer, given by the test or the correct one. It holds no state, routes
 * nothing, and judges nothing; `() => undefined` withholds an answer.
 */
export function answeringPeer(answers: Answers = {}, name = 'answers'): Peer {
  return { name, isExact: true, attach: (link) => new AnsweringSession(link, { ...CORRECT, ...answers }) };
}

class AnsweringSession implements PeerSession {
  readonly #link: PeerLink;
  readonly #answers: Answers;
  readonly #source = new FrameSource();
  readonly #counts = new Map<PacketType, number>();

  constructor(link: PeerLink, answers: Answers) {
    this.#link = link;
    this.#answers = answers;
  }

  receive(bytes: Buffer): boolean {
    for (const { decoded } of this.#source.push(bytes)) if (decoded !== undefined) this.#answer(decoded.packet);
    return true;
  }

  moduleEnded(): void {
    this.#link.end('fin');
  }

  connectionClosed(): void {
    this.#counts.clear();
  }

  #answer(packet: Packet): void {
    const nth = (this.#counts.get(packet.type) ?? 0) + 1;
    this.#counts.set(packet.type, nth);
    const answer = answerTo(packet, this.#answers, nth);
    for (const part of answer === undefined ? [] : [answer].flat()) {
      if (typeof part === 'string') this.#link.end(part);
      else this.#link.send(part);
    }
  }
}

/** The type of a packet picks the function that takes it. */
function answerTo<T extends PacketType>(packet: PacketOf<T>, answers: Answers, nth: number): Answer {
  const type: T = packet.type;
  const answer: Answers[T] = answers[type];
  return answer?.(packet, nth);
}
