import type { LineTransport, TransportFactory } from './line-transport.ts';
import type { RecordingEntry } from './recording.ts';

/** A factory whose transports tell everything that passes, for a recording. Secrets are in it: it is for virtual modules. */
export function record(factory: TransportFactory, keep: (entry: RecordingEntry) => void): TransportFactory {
  return async () => recorded(await factory(), keep);
}

function recorded(transport: LineTransport, keep: (entry: RecordingEntry) => void): LineTransport {
  return {
    name: transport.name,
    open: (receiver) => {
      keep({ k: 'open', port: transport.name });
      return transport.open({
        line: (bytes) => {
          keep(entryOf(bytes));
          receiver.line(bytes);
        },
        noise: (bytes, length, why) => receiver.noise(bytes, length, why),
        closed: (why) => {
          keep({ k: 'closed', why });
          receiver.closed(why);
        },
      });
    },
    send: (text) => {
      for (const line of text.split('\n')) if (line !== '') keep({ k: 'out', text: line });
      transport.send(text);
    },
    close: () => transport.close(),
  };
}

function entryOf(bytes: Buffer): RecordingEntry {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? { k: 'in', text } : { k: 'in-hex', hex: bytes.toString('hex') };
}
