import type { BrokerEvent, Packet } from '../../../broker/events.ts';
import type { BrokerTrial } from './broker-trial.ts';

/** How far the module got, as we saw it here. */
export type Layer = 'nothing' | 'tcp' | 'tls' | 'connect' | 'connack';

type Seen = readonly BrokerEvent[];

/** The last of these that was reached. */
export function reachedLayer(seen: Seen): Layer {
  const reached: readonly (readonly [Layer, boolean])[] = [
    ['connack', hasFrame(seen, 'down', 'CONNACK')],
    ['connect', hasFrame(seen, 'up', 'CONNECT')],
    ['tls', seen.some(({ k }) => k === 'tls-secured')],
    ['tcp', seen.some(({ k }) => k === 'tcp-open')],
  ];
  return reached.find(([, is]) => is)?.[0] ?? 'nothing';
}

/** The address that a connection came from. */
export function findVisitor(seen: Seen): string | undefined {
  return seen.find((event) => event.k === 'tcp-open')?.remote.address;
}

/** Both sides in one line, so that whoever reads it sees which of the two is in the wrong. */
export function describeTrial({ moduleSays, place, seen }: BrokerTrial): string {
  return `the module: ${moduleSays}; here: ${describeSeen(seen, place)}`;
}

function describeSeen(seen: Seen, place: string): string {
  const visitor = findVisitor(seen);
  if (visitor === undefined) return `nobody came to ${place}`;
  const from = `from ${visitor}`;
  const secured = seen.find((event) => event.k === 'tls-secured');
  const failed = seen.find((event) => event.k === 'tls-failed');
  const over = secured === undefined ? '' : `, ${secured.version}`;
  if (failed !== undefined) return `a connection ${from}, and TLS ended with ${failed.code}`;
  switch (reachedLayer(seen)) {
    case 'connack':
      return `CONNECT and CONNACK ${from}${over}`;
    case 'connect':
      return `a CONNECT ${from}${over}, not answered`;
    case 'tls':
      return `TLS ${from}${over}, and no CONNECT`;
    default:
      return `a connection ${from}, and nothing of what it is for`;
  }
}

function hasFrame(seen: Seen, dir: 'up' | 'down', type: Packet['type']): boolean {
  return seen.some((event) => event.k === 'frame' && event.dir === dir && event.packet.type === type && !event.held);
}
