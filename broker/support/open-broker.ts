import { Broker, type BrokerOptions } from '../broker.ts';
import type { Listener, ListenOptions } from '../listener.ts';
import { EventLog } from './event-log.ts';

/** A broker with one listener on loopback, and what it reports; for tests. */
export interface OpenBroker extends AsyncDisposable {
  readonly broker: Broker;
  readonly listener: Listener;
  readonly log: EventLog;
}

export async function openBroker(
  listen: Partial<ListenOptions> = {},
  options: Partial<BrokerOptions> = {},
): Promise<OpenBroker> {
  const log = new EventLog();
  const broker = await Broker.open({ onEvent: log.onEvent, clock: () => performance.now(), ...options });
  const listener = await broker.listen({ address: '127.0.0.1', port: 0, peer: 'aedes', label: 'test', ...listen });
  return { broker, listener, log, [Symbol.asyncDispose]: () => broker.close() };
}

/** A CONNECT of client `abcd`, clean session, keep-alive 60 s. */
export const CONNECT = '10 10 0004 4d515454 04 02 003c 0004 61626364';

export const CONNACK = '20020000';
