import { compareAllClients } from './compare-lines.ts';
import type { Relation } from './relation.ts';

/** TCP keeps order and loses nothing, and promises no more: how it cuts and delays the bytes is not seen. [MQTT-7.1.2-1] */
export const segmentsChangeNothing: Relation = {
  id: 'MM-01',
  clause: 'MQTT-7.1.2-1',
  says: 'how the transport cuts and delays the bytes changes neither returns nor callbacks nor packets',
  differs: 'the bytes come one by one, a moment apart',
  compare: (first, second) => compareAllClients(first.clients, second.clients),
};
