import type { Seen } from './seen.ts';

/** Client ids that belong to us: on a public address strangers knock. */
export const CLIENT_PREFIX = 'qlhil-doctor';

export type Scheme = 'mqtt' | 'mqtts';

/** The broker's address as the module sees it, and where it listens here (`parseListen`). */
export interface BrokerAddress {
  readonly host: string;
  readonly listen: string;
}

/** Our side of a try: opens listeners, and tells what was seen at them. A transcript plays one back. */
export interface BrokerSide {
  /** The root certificate, PEM. */
  readonly ca: string;
  /** @throws BrokerError LISTEN_FAILED */
  open(scheme: Scheme): Promise<BrokerDoor>;
}

/** One listener. */
export interface BrokerDoor extends AsyncDisposable {
  /** What the module dials. */
  readonly url: string;
  /** Where it listens, e.g. `0.0.0.0:40123`. */
  readonly place: string;
  /** Everything that was seen at it, once all that was connected is closed, or after 10 s. */
  seen(): Promise<Seen>;
  /** From here on, no PUBACK reaches the module. */
  holdAcknowledgements(): void;
  /** Resets what is connected. */
  dropConnections(): void;
}
