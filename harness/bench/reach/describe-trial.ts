import type { BrokerTrial } from './broker-trial.ts';
import type { Seen } from './seen.ts';

/** Both sides in one line, so that whoever reads it sees which of the two is in the wrong. */
export function describeTrial({ moduleSays, place, seen }: BrokerTrial): string {
  return `the module: ${moduleSays}; here: ${describeSeen(seen, place)}`;
}

function describeSeen({ visitor, tlsVersion, tlsFailure, frames }: Seen, place: string): string {
  if (visitor === null) return `nobody came to ${place}`;
  if (tlsFailure !== null) return `a connection from ${visitor}, and TLS ended with ${tlsFailure}`;
  const from = `from ${visitor}${tlsVersion === null ? '' : `, ${tlsVersion}`}`;
  if (frames.includes('down CONNACK')) return `CONNECT and CONNACK ${from}`;
  if (frames.includes('up CONNECT')) return `a CONNECT ${from}, not answered`;
  if (tlsVersion !== null) return `TLS ${from}, and no CONNECT`;
  return `a connection ${from}, and nothing of what it is for`;
}
