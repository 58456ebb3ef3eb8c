import type { BrokerEvent } from '../events.ts';

type EventOf<K extends BrokerEvent['k']> = Extract<BrokerEvent, { k: K }>;

/** Gathers what a broker reports, for tests. */
export class EventLog {
  readonly events: BrokerEvent[] = [];

  readonly onEvent = (event: BrokerEvent): void => {
    this.events.push(event);
  };

  of<K extends BrokerEvent['k']>(k: K): EventOf<K>[] {
    return this.events.filter((event): event is EventOf<K> => event.k === k);
  }

  /** Frames that were written or received, as `up CONNECT`. */
  frames(): string[] {
    return this.of('frame')
      .filter(({ held }) => held !== true)
      .map(({ dir, packet }) => `${dir} ${packet.type}`);
  }
}
