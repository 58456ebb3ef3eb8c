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

/** Of the connection that proved to be ours, if one did; else of all that came, since the module may have failed before it could. */
export function digestEvents(all: readonly BrokerEvent[]): Seen {
  const ours = all.find((event) => event.k === 'claimed')?.conn;
  const events = ours === undefined ? all : all.filter((event) => 'conn' in event && event.conn === ours);
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
