import { compareClients } from './compare-lines.ts';
import type { Relation } from './relation.ts';
import type { ClientTelling, Telling } from './telling.ts';

/** Clients do not see each other. [D-16] */
export const otherClientChangesNothing: Relation = {
  id: 'MM-03',
  clause: 'M-1.clients-apart',
  says: 'a second client, which has nothing to do with the first, changes nothing for that one',
  differs: 'another client is connected and busy beside it',
  compare: (first, second) => compareClients(findOwn(first), findOwn(second)),
};

/** The client that lives within the situation; the other one was there before. */
function findOwn({ clients }: Telling): ClientTelling | undefined {
  return clients.find(({ calls }) => calls.some(({ text }) => text.startsWith('init')));
}
