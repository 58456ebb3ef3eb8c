import type { BytePort } from '../../flash/byte-port.ts';
import { record } from '../../transport/record.ts';
import type { BrokerDoor, BrokerSide } from '../reach/broker-side.ts';
import { blot, blotLine } from './blot.ts';
import type { HourParts } from './first-hour.ts';
import type { TranscriptEntry } from './transcript.ts';

type Keep = (entry: TranscriptEntry) => void;

/** The same parts, and everything that passes is kept, subscriber numbers blotted out. */
export function keepTranscript(parts: HourParts, keep: Keep): HourParts {
  return {
    ...parts,
    openAt: async () => {
      const port = await parts.openAt();
      keep({ k: 'at-open' });
      return keptPort(port, keep);
    },
    transport: record(parts.transport, (entry) => {
      keep(entry.k === 'in' || entry.k === 'out' ? { ...entry, text: blotLine(entry.text) } : entry);
    }),
    openBroker: async () => {
      const broker = await parts.openBroker();
      keep({ k: 'authority', pem: broker.ca });
      return keptBroker(broker, keep);
    },
    nowMs: () => {
      const ms = parts.nowMs();
      keep({ k: 'now', ms });
      return ms;
    },
  };
}

function keptPort(port: BytePort, keep: Keep): BytePort {
  return {
    write: (bytes) => {
      keep({ k: 'at-out', text: Buffer.from(bytes).toString('latin1') });
      return port.write(bytes);
    },
    onData: (listener) =>
      port.onData((bytes) => {
        keep({ k: 'at-in', text: blot(bytes.toString('latin1')) });
        listener(bytes);
      }),
    onClose: (listener) => port.onClose(listener),
    close: () => port.close(),
  };
}

function keptBroker(broker: BrokerSide & AsyncDisposable, keep: Keep): BrokerSide & AsyncDisposable {
  return {
    ca: broker.ca,
    open: async (scheme) => {
      const door = await broker.open(scheme);
      keep({ k: 'door', url: door.url, place: door.place });
      return keptDoor(door, keep);
    },
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
  };
}

function keptDoor(door: BrokerDoor, keep: Keep): BrokerDoor {
  return {
    url: door.url,
    place: door.place,
    seen: async () => {
      const seen = await door.seen();
      keep({ k: 'seen', seen });
      return seen;
    },
    holdAcknowledgements: () => door.holdAcknowledgements(),
    dropConnections: () => door.dropConnections(),
    [Symbol.asyncDispose]: () => door[Symbol.asyncDispose](),
  };
}
