import * as v from 'valibot';
import type { BrokerEvent } from '../../../broker/events.ts';

/** What was seen of the module at a listener: what a try is judged by, and what a transcript keeps. */
export const seenSchema = v.object({
  /** The address that the first connection came from; null if there was none. */
  visitor: v.nullable(v.string()),
  hasClientHello: v.boolean(),
  tlsVersion: v.nullable(v.string()),
  /** What the server's TLS said when the handshake failed. */
  tlsFailure: v.nullable(v.string()),
  /** Frames in order, e.g. `up CONNECT`. */
  frames: v.array(v.string()),
});

export type Seen = Readonly<v.InferOutput<typeof seenSchema>>;

export function digestEvents(events: readonly BrokerEvent[]): Seen {
  return {
    visitor: events.find((event) => event.k === 'tcp-open')?.remote.address ?? null,
    hasClientHello: events.some(({ k }) => k === 'client-hello'),
    tlsVersion: events.find((event) => event.k === 'tls-secured')?.version ?? null,
    tlsFailure: events.find((event) => event.k === 'tls-failed')?.code ?? null,
    frames: events.flatMap((event) =>
      event.k === 'frame' && event.held !== true ? [`${event.dir} ${event.packet.type}`] : [],
    ),
  };
}
