import { HarnessError } from '../../errors.ts';
import type { BytePort } from '../../flash/byte-port.ts';
import type { RecordingEntry } from '../../transport/recording.ts';
import { replay } from '../../transport/replay.ts';
import type { BrokerDoor, BrokerSide } from '../reach/broker-side.ts';
import type { HourParts } from './first-hour.ts';
import type { TranscriptEntry } from './transcript.ts';

type EntryOf<K extends TranscriptEntry['k']> = Extract<TranscriptEntry, { readonly k: K }>;

/** Parts of a first hour that play a transcript back. What is asked that it does not hold fails, and so the fact that asked. */
export function playTranscript(entries: readonly TranscriptEntry[]): HourParts {
  const header = entries.find((entry) => entry.k === 'header');
  const nows = queueOf(entries, 'now');
  return {
    apn: header?.apn ?? null,
    atPort: header?.atPort ?? '',
    openAt: async () => new PlayedPort(entries),
    transport: replay(openingsThatSpoke(entries.filter(isOfTheLink))),
    openBroker: async () => playBroker(entries),
    nowMs: () => nows().ms,
    pause: async () => undefined,
  };
}

/** Takes the entries of a kind one after the other. */
function queueOf<K extends TranscriptEntry['k']>(entries: readonly TranscriptEntry[], kind: K): () => EntryOf<K> {
  const left = entries.filter((entry): entry is EntryOf<K> => entry.k === kind);
  return () => {
    const next = left.shift();
    if (next !== undefined) return next;
    throw new HarnessError('PROTOCOL', `the transcript has no more '${kind}'`, { saw: 'its end' });
  };
}

function isOfTheLink(entry: TranscriptEntry): entry is RecordingEntry {
  return ['open', 'out', 'in', 'in-hex', 'closed'].includes(entry.k);
}

/** While a module restarts its port is looked for again and again: those attempts have nothing to play. */
function openingsThatSpoke(entries: readonly RecordingEntry[]): readonly RecordingEntry[] {
  const openings: RecordingEntry[][] = [];
  for (const entry of entries) {
    if (entry.k === 'open') openings.push([]);
    openings.at(-1)?.push(entry);
  }
  return openings.filter((opening) => opening.some(({ k }) => k === 'in')).flat();
}

function playBroker(entries: readonly TranscriptEntry[]): BrokerSide & AsyncDisposable {
  const doors = queueOf(entries, 'door');
  const seens = queueOf(entries, 'seen');
  return {
    ca: queueOf(entries, 'authority')().pem,
    open: async () => {
      const { url, place } = doors();
      const door: BrokerDoor = {
        url,
        place,
        seen: async () => seens().seen,
        holdAcknowledgements: () => undefined,
        dropConnections: () => undefined,
        [Symbol.asyncDispose]: async () => undefined,
      };
      return door;
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Answers each command as it was answered then. */
class PlayedPort implements BytePort {
  readonly #entries: (EntryOf<'at-out'> | EntryOf<'at-in'>)[];
  #onData: (bytes: Buffer) => void = () => undefined;

  constructor(entries: readonly TranscriptEntry[]) {
    this.#entries = entries.filter((entry) => entry.k === 'at-out' || entry.k === 'at-in');
  }

  async write(bytes: Uint8Array): Promise<void> {
    const asked = Buffer.from(bytes).toString('latin1');
    const next = this.#entries.shift();
    if (next?.text !== asked) {
      const saw = `${JSON.stringify(asked)} was asked where the transcript has ${JSON.stringify(next?.text)}`;
      throw new HarnessError('PROTOCOL', saw, { saw });
    }
    setImmediate(() => this.#answer());
  }

  onData(listener: (bytes: Buffer) => void): void {
    this.#onData = listener;
  }

  onClose(): void {
    // It never goes away by itself.
  }

  async close(): Promise<void> {
    this.#entries.length = 0;
  }

  #answer(): void {
    while (this.#entries[0]?.k === 'at-in') this.#onData(Buffer.from(this.#entries.shift()?.text ?? '', 'latin1'));
  }
}
