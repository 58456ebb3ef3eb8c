import { timingSafeEqual } from 'node:crypto';
import type { ConnectionClaimed } from './events.ts';
import type { Decoded } from './frame/decode.ts';

export type ClaimedBy = ConnectionClaimed['by'];

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** How a listener knows that a connection comes from the module under test. */
export interface ClaimPolicy {
  /** Whoever comes from this machine belongs to the run; true when absent. */
  readonly loopback?: boolean;
  /** The port was opened for this scenario alone: whoever finds it belongs to it. */
  readonly ownPort?: boolean;
  readonly sniTokens?: readonly string[];
  readonly clientIdPrefix?: string;
  readonly credentials?: Credentials;
}

/** Decides to whom a connection belongs, at each point where more is known about it. */
export class Claims {
  readonly #policy: ClaimPolicy;
  /** Addresses from which this run's module has logged in; shared by all listeners of a broker. */
  readonly #learnt: Set<string>;

  constructor(policy: ClaimPolicy, learnt: Set<string>) {
    this.#policy = policy;
    this.#learnt = learnt;
  }

  onAccept(address: string): ClaimedBy | undefined {
    if (this.#policy.loopback !== false && isLoopback(address)) return 'loopback';
    if (this.#policy.ownPort === true) return 'port';
    return this.#learnt.has(plainAddress(address)) ? 'address' : undefined;
  }

  onHello(sni: string | null): ClaimedBy | undefined {
    return sni !== null && this.#policy.sniTokens?.includes(sni) === true ? 'sni' : undefined;
  }

  onConnect(decoded: Decoded, address: string): ClaimedBy | undefined {
    const { packet } = decoded;
    if (packet.type !== 'CONNECT') return undefined;
    const isKnown = knowsCredentials(this.#policy.credentials, packet.userName, decoded.password);
    if (isKnown) this.#learnt.add(plainAddress(address));
    const { clientIdPrefix } = this.#policy;
    if (clientIdPrefix !== undefined && packet.clientId.startsWith(clientIdPrefix)) return 'client-id';
    return isKnown ? 'credentials' : undefined;
  }
}

/** Compares in constant time. */
export function knowsCredentials(
  credentials: Credentials | undefined,
  userName: string | null | undefined,
  password: Buffer | null | undefined,
): boolean {
  if (credentials === undefined || userName !== credentials.user || !password) return false;
  const wanted = Buffer.from(credentials.password);
  return wanted.length === password.length && timingSafeEqual(wanted, password);
}

function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}

function isLoopback(address: string): boolean {
  return address === '::1' || plainAddress(address).startsWith('127.');
}
