import { resultOf } from '../callback-of.ts';
import type { CallRecord } from '../narration.ts';
import type { Seen } from '../rule.ts';
import { packetText } from './packet-text.ts';

/** One thing that happened, in words that hold no time, token, packet id or port. */
export interface Line {
  readonly text: string;
  /** What it is about, where it is about one topic. */
  readonly topic?: string | undefined;
  readonly n: number;
}

/** What a situation looked like from one client: each list in its own order, since nobody orders one against the other. */
export interface ClientTelling {
  readonly calls: readonly Line[];
  /** Messages and exceptions. */
  readonly unasked: readonly Line[];
  /** Packets of the module that calls ask for. */
  readonly packets: readonly Line[];
  /** Its acknowledgements: when they go out, beside calls, is nobody's to say. */
  readonly acks: readonly Line[];
}

export interface Telling {
  /** In the order in which the clients appear. */
  readonly clients: readonly ClientTelling[];
  /** The last value of each measure. */
  readonly measures: ReadonlyMap<string, { readonly value: number; readonly n: number }>;
  /** Tasks that callbacks came on. */
  readonly tasks: ReadonlySet<number>;
}

const LINES_KEPT = 2000;

interface OpenClient {
  readonly calls: CallRecord[];
  readonly unasked: Line[];
  readonly packets: Line[];
  readonly acks: Line[];
}

const ACKS: ReadonlySet<string> = new Set(['PUBACK', 'PUBREC', 'PUBREL', 'PUBCOMP']);

/** Listens to one situation. */
export class Teller {
  readonly #clients = new Map<number, OpenClient>();
  readonly #measures = new Map<string, { value: number; n: number }>();
  readonly #tasks = new Set<number>();

  see(seen: Seen): void {
    const { event, call } = seen;
    switch (event.k) {
      case 'call':
        if (call !== undefined) push(this.#client(call.slot)?.calls, call);
        return;
      case 'enter':
        this.#tasks.add(event.task);
        if (event.cb === 'exception')
          push(this.#client(event.slot)?.unasked, { text: 'exception callback', n: event.n });
        if (event.cb === 'inpub') this.#message(seen, event.topic?.text, event.payload?.length, event.payload?.crc32);
        return;
      case 'frame':
        if (event.dir === 'up' && event.packet.type !== 'PINGREQ') this.#packet(seen, event.packet);
        return;
      case 'measure':
        this.#measures.set(event.name, { value: event.value, n: event.n });
        return;
      default:
    }
  }

  tell(): Telling {
    const clients = [...this.#clients.values()].map(({ calls, unasked, packets, acks }) => {
      return { calls: calls.map(lineOf), unasked, packets, acks };
    });
    return { clients, measures: this.#measures, tasks: this.#tasks };
  }

  #message({ event, slot }: Seen, topic = '', length = 0, crc32 = 0): void {
    const text = `message "${topic}", ${length} bytes, CRC ${crc32}`;
    push(this.#client(slot?.slot ?? -1)?.unasked, { text, topic, n: event.n });
  }

  #packet({ event, connection }: Seen, packet: Parameters<typeof packetText>[0]): void {
    const topic = packet.type === 'PUBLISH' ? (packet.topic.text ?? undefined) : undefined;
    const client = this.#client(connection?.slot ?? -1);
    const list = ACKS.has(packet.type) ? client?.acks : client?.packets;
    push(list, { text: packetText(packet), topic, n: event.n });
  }

  #client(slot: number): OpenClient | undefined {
    if (slot < 0) return undefined;
    const known = this.#clients.get(slot) ?? { calls: [], unasked: [], packets: [], acks: [] };
    this.#clients.set(slot, known);
    return known;
  }
}

/** Told at the end, when its return and callbacks are in. */
function lineOf({ fn, params, begin, returned, callbacks }: CallRecord): Line {
  const { topic } = params;
  const about = typeof topic === 'string' ? topic : undefined;
  const answers = callbacks.map((callback) => `, ${callback.cb} callback ${resultOf(callback) ?? ''}`).join('');
  const name = about === undefined ? fn : `${fn} "${about}"`;
  return { text: `${name} returns ${returned?.ret ?? 'nothing'}${answers}`, topic: about, n: begin?.n ?? 0 };
}

function push<T>(list: T[] | undefined, one: T): void {
  if (list !== undefined && list.length < LINES_KEPT) list.push(one);
}
