import { HarnessError } from '../errors.ts';
import { decodeLine, encodeLine } from '../protocol/line.ts';
import type { LineReceiver, LineTransport, TransportFactory } from './line-transport.ts';
import type { RecordingEntry } from './recording.ts';

type Message = Readonly<Record<string, unknown>>;

/**
 * Upkeep of the link, whose number and moments differ from run to run: it is answered out of turn and not matched.
 */
const UPKEEP: ReadonlySet<unknown> = new Set(['clock.read', 'events.ack', 'events.resend']);

/**
 * Plays a recording back to a host that makes the same requests in the same order. Numbers that the host draws afresh (ids, nonces,
 * tokens) are put in place of the recorded ones. What the module said is heard once everything has been asked that was asked before
 * it; a host that asks something else sees the port close, with the reason.
 */
export function replay(entries: readonly RecordingEntry[]): TransportFactory {
  const openings = splitOpenings(entries);
  const script: Script = { renamer: new Renamer(), divergence: undefined };
  let next = 0;
  return () => new ReplayTransport(openings[next++] ?? [], script);
}

function splitOpenings(entries: readonly RecordingEntry[]): readonly (readonly RecordingEntry[])[] {
  const openings: RecordingEntry[][] = [];
  for (const entry of entries) {
    if (entry.k === 'open') openings.push([]);
    openings.at(-1)?.push(entry);
  }
  return openings;
}

/** What the openings of one recording share. */
interface Script {
  readonly renamer: Renamer;
  /** How the host left the recording; after that nothing opens. */
  divergence: string | undefined;
}

class ReplayTransport implements LineTransport {
  readonly name: string;
  readonly #entries: readonly RecordingEntry[];
  readonly #script: Script;
  #next = 0;
  #receiver: LineReceiver | undefined;
  /** Sent by the host and not matched yet. */
  readonly #asked: Message[] = [];
  readonly #upkeep: Message[] = [];
  #lastSeq = 0;
  #upMs = 0;

  constructor(entries: readonly RecordingEntry[], script: Script) {
    const [first] = entries;
    this.name = first?.k === 'open' ? first.port : 'the end of the recording';
    this.#entries = entries;
    this.#script = script;
  }

  async open(receiver: LineReceiver): Promise<void> {
    const why = this.#script.divergence ?? (this.#entries.length === 0 ? 'the recording is over' : undefined);
    if (why !== undefined) throw new HarnessError('PORT_LOST', `${this.name}: ${why}`, { port: this.name });
    this.#receiver = receiver;
    this.#playLater();
  }

  send(text: string): void {
    for (const line of text.split('\n')) {
      const decoded = decodeLine(Buffer.from(line));
      if (decoded.kind !== 'message') continue;
      for (const message of [decoded.message].flat()) if (isRecord(message)) this.#take(message);
    }
    this.#playLater();
  }

  async close(): Promise<void> {
    this.#receiver = undefined;
  }

  #take(message: Message): void {
    if (UPKEEP.has(message['method'])) this.#upkeep.push(message);
    else if (!this.#script.renamer.isOld(message['id'])) this.#asked.push(message);
  }

  #playLater(): void {
    // The host must have returned from what it is doing, as with a real port.
    setImmediate(() => this.#play());
  }

  #play(): void {
    while (this.#receiver !== undefined && this.#step(this.#receiver)) this.#next += 1;
    for (const message of this.#upkeep.splice(0)) this.#answerUpkeep(message);
  }

  /** False when the host must ask something first, or the recording is over. */
  #step(receiver: LineReceiver): boolean {
    const entry = this.#entries[this.#next];
    switch (entry?.k) {
      case 'open':
        return true;
      case 'out':
        return this.#match(entry.text, receiver);
      case 'in':
        this.#say(Buffer.from(entry.text), receiver);
        return true;
      case 'in-hex':
        receiver.line(Buffer.from(entry.hex, 'hex'));
        return true;
      case 'closed':
        this.#receiver = undefined;
        receiver.closed(entry.why);
        return true;
      default:
        return false;
    }
  }

  #match(text: string, receiver: LineReceiver): boolean {
    const recorded = messagesOf(Buffer.from(text)).filter(({ method }) => !UPKEEP.has(method));
    if (recorded.every(({ id }) => this.#script.renamer.knows(id))) return true;
    if (this.#asked.length < recorded.length) return false;
    const asked = this.#asked.splice(0, recorded.length);
    for (const [index, expected] of recorded.entries()) {
      const live = asked[index];
      if (live === undefined || live['method'] !== expected['method']) return this.#diverge(expected, live, receiver);
      this.#script.renamer.note(expected, live);
    }
    return true;
  }

  #diverge(expected: Message, live: Message | undefined, receiver: LineReceiver): false {
    const why = `the host asked ${String(live?.['method'])} where the recording has ${String(expected['method'])}`;
    this.#script.divergence = why;
    this.#receiver = undefined;
    receiver.closed(why);
    return false;
  }

  #say(line: Buffer, receiver: LineReceiver): void {
    const messages = messagesOf(line);
    if (messages.length === 0) return receiver.line(line); // noise, as it was
    const spoken = messages
      .map((message) => this.#script.renamer.rename(message))
      .filter((message) => message !== undefined);
    for (const message of messages) this.#remember(message);
    for (const message of spoken) receiver.line(Buffer.from(encodeLine(JSON.stringify(message)).slice(0, -1)));
  }

  #remember({ result, params }: Message): void {
    if (isRecord(result) && typeof result['upMs'] === 'number') this.#upMs = result['upMs'];
    if (!isRecord(params) || !Array.isArray(params['events'])) return;
    for (const event of params['events']) {
      if (isRecord(event) && typeof event['seq'] === 'number') this.#lastSeq = Math.max(this.#lastSeq, event['seq']);
    }
  }

  #answerUpkeep({ id, method, params }: Message): void {
    if (id === undefined) return;
    const last = this.#lastSeq;
    const from = isRecord(params) ? params['from'] : 0;
    const results: Readonly<Record<string, unknown>> = {
      'clock.read': { upMs: this.#upMs },
      'events.ack': { last, noise: 0 },
      'events.resend': { from, last },
    };
    const json = JSON.stringify({ jsonrpc: '2.0', id, result: results[String(method)] });
    this.#receiver?.line(Buffer.from(encodeLine(json).slice(0, -1)));
  }
}

/** Puts the live host's numbers in place of the recorded ones. */
class Renamer {
  readonly #ids = new Map<unknown, unknown>();
  readonly #tokens = new Map<unknown, unknown>();
  readonly #liveIds = new Set<unknown>();
  #nonce: unknown;

  /** Whether this request of the recording has been met. */
  knows(id: unknown): boolean {
    return this.#ids.has(id);
  }

  /** Whether the live host sends a request again; the first time it is noted. */
  isOld(id: unknown): boolean {
    if (this.#liveIds.has(id)) return true;
    this.#liveIds.add(id);
    return false;
  }

  note(recorded: Message, live: Message): void {
    this.#ids.set(recorded['id'], live['id']);
    const [before, after] = [recorded['params'], live['params']];
    if (!isRecord(before) || !isRecord(after)) return;
    if (before['token'] !== undefined) this.#tokens.set(before['token'], after['token']);
    if (after['nonce'] !== undefined) this.#nonce = after['nonce'];
  }

  /** Undefined for an answer to upkeep, which is given out of turn. */
  rename(message: Message): Message | undefined {
    const { params, result } = message;
    if (isRecord(params) && Array.isArray(params['events'])) {
      return {
        ...message,
        params: { ...params, events: params['events'].map((event: unknown) => this.#event(event)) },
      };
    }
    if (message['id'] === undefined || message['id'] === null) return message;
    if (!this.#ids.has(message['id'])) return undefined;
    return {
      ...message,
      id: this.#ids.get(message['id']),
      ...(isRecord(result) ? { result: this.#result(result) } : {}),
    };
  }

  #result(result: Message): Message {
    if (result['nonce'] !== undefined) return { ...result, nonce: this.#nonce };
    if (result['accepted'] !== undefined) return { ...result, accepted: this.#token(result['accepted']) };
    return result;
  }

  #event(event: unknown): unknown {
    if (!isRecord(event)) return event;
    const { token, arg } = event;
    return {
      ...event,
      ...(token === undefined ? {} : { token: this.#token(token) }),
      ...(arg === undefined ? {} : { arg: this.#token(arg) }),
    };
  }

  #token(token: unknown): unknown {
    return this.#tokens.get(token) ?? token;
  }
}

function messagesOf(line: Buffer): readonly Message[] {
  const decoded = decodeLine(line);
  return decoded.kind === 'message' ? [decoded.message].flat().filter((message) => isRecord(message)) : [];
}

function isRecord(value: unknown): value is Message {
  return typeof value === 'object' && value !== null;
}
