import type { BrokerEvent, ConnectionClosed, ConnectionOpened } from '../../broker/events.ts';
import type { RawSegment } from '../../broker/raw-segment.ts';
import { type CapturedPacket, encodePcapng } from './pcapng.ts';
import { TcpConversation } from './tcp-conversation.ts';

/** The ports by which a reader knows what is spoken; the real one is in a comment on the connection's first packet. */
const PORT = { mqtt: 1883, mqtts: 8883 } as const;
/** A flood must not fill the memory: what comes after so much is left out, and a comment says so. */
const LIMIT_BYTES = 64 * 1024 * 1024;

export interface CaptureOptions {
  /** ms since 1970 at 0 of the clock that the broker's events are on. */
  readonly epochMsAtZero: number;
  readonly application: string;
  readonly limitBytes?: number;
}

/** What passed between module and broker in one attempt, as a packet capture with the keys that open it. */
export class Capture {
  readonly #options: CaptureOptions;
  readonly #packets: CapturedPacket[] = [];
  readonly #keyLines: string[] = [];
  readonly #listeners = new Map<string, { readonly address: string; readonly tls: boolean }>();
  readonly #conversations = new Map<number, TcpConversation>();
  /** Of TLS connections, whether the broker has ended them: its last record is written after it says so, and the FIN comes after that. */
  readonly #hasEnded = new Map<number, boolean>();
  #bytes = 0;

  constructor(options: CaptureOptions) {
    this.#options = options;
  }

  /** For the broker's events. */
  event(event: BrokerEvent): void {
    switch (event.k) {
      case 'listener':
        this.#listeners.set(event.listener, { address: event.address, tls: event.tls });
        break;
      case 'tcp-open':
        this.#open(event);
        break;
      case 'fin':
        if (event.dir === 'down' && this.#hasEnded.has(event.conn)) this.#hasEnded.set(event.conn, true);
        else this.#add(event.at, this.#conversations.get(event.conn)?.end(event.dir, 'FIN'));
        break;
      case 'tcp-close':
        this.#close(event);
        break;
      case 'tls-key':
        this.#keyLines.push(event.line);
        break;
      default:
    }
  }

  /** For the broker's raw bytes. */
  segment({ at, conn, dir, bytes }: RawSegment): void {
    if (this.#bytes > (this.#options.limitBytes ?? LIMIT_BYTES)) return;
    this.#bytes += bytes.length;
    const isFull = this.#bytes > (this.#options.limitBytes ?? LIMIT_BYTES);
    const packets = this.#conversations.get(conn)?.data(dir, bytes) ?? [];
    for (const packet of packets)
      this.#add(at, packet, isFull ? 'the capture is full: no bytes after these' : undefined);
  }

  /** The NSS key log; empty if nothing was encrypted. */
  get keyLog(): string {
    return this.#keyLines.map((line) => `${line}\n`).join('');
  }

  get pcapng(): Buffer {
    return encodePcapng({ packets: this.#packets, keyLog: this.keyLog, application: this.#options.application });
  }

  #open({ at, conn, listener, port, remote }: ConnectionOpened): void {
    const { address, tls } = this.#listeners.get(listener) ?? { address: '', tls: false };
    const conversation = new TcpConversation(remote, { address, port: tls ? PORT.mqtts : PORT.mqtt });
    this.#conversations.set(conn, conversation);
    if (tls) this.#hasEnded.set(conn, false);
    const [first, ...rest] = conversation.open();
    this.#add(at, first, `connection ${conn} to listener ${listener}, port ${port} in truth`);
    for (const packet of rest) this.#add(at, packet);
  }

  #close({ at, conn, by, how }: ConnectionClosed): void {
    const conversation = this.#conversations.get(conn);
    if (this.#hasEnded.get(conn) === true) this.#add(at, conversation?.end('down', 'FIN'));
    if (how === 'rst') this.#add(at, conversation?.end(by === 'module' ? 'up' : 'down', 'RST'));
    this.#conversations.delete(conn);
    this.#hasEnded.delete(conn);
  }

  #add(at: number, bytes: Buffer | undefined, comment?: string): void {
    if (bytes === undefined) return;
    const epochUs = BigInt(Math.round((this.#options.epochMsAtZero + at) * 1000));
    this.#packets.push({ epochUs, bytes, ...(comment === undefined ? {} : { comment }) });
  }
}
