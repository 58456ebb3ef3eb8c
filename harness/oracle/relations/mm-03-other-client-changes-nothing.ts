import { compareClients } from './compare-lines.ts';
import type { Relation } from './relation.ts';

/** Clients do not see each other. [D-16] */
export const otherClientChangesNothing: Relation = {
  id: 'MM-03',
  clause: 'M-1.clients-apart',
  says: 'a second client, which has nothing to do with the first, changes nothing for that one',
  differs: 'another client is connected and busy beside it',
  compare: (first, second) => compareClients(first.clients[0], second.clients[0]),
};
