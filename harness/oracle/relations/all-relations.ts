import { segmentsChangeNothing } from './mm-01-segments-change-nothing.ts';
import { tlsChangesNothing } from './mm-02-tls-changes-nothing.ts';
import { otherClientChangesNothing } from './mm-03-other-client-changes-nothing.ts';
import { againIsTheSame } from './mm-04-again-is-the-same.ts';
import { orderOfIndependents } from './mm-06-order-of-independents.ts';
import type { Relation } from './relation.ts';

/** Every relation; a scenario of its own plays both of its situations. */
export const allRelations: readonly Relation[] = [
  segmentsChangeNothing,
  tlsChangesNothing,
  otherClientChangesNothing,
  againIsTheSame,
  orderOfIndependents,
];
