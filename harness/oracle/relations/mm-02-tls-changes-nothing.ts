import { compareAllClients } from './compare-lines.ts';
import type { Relation } from './relation.ts';

/** MQTT is the same over every transport. [MQTT-7.1.2-1] */
export const tlsChangesNothing: Relation = {
  id: 'MM-02',
  clause: 'MQTT-7.1.2-1',
  says: 'over TCP and over TLS the same calls have the same returns, callbacks and packets',
  differs: 'it runs over TLS',
  compare: (first, second) => compareAllClients(first.clients, second.clients),
};
