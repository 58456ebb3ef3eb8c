import type { Telling } from './telling.ts';

/**
 * A metamorphic relation: what two situations that differ in one respect must have in common.
 *
 * A scenario plays both into its one timeline, between marks, so that the file alone is enough to judge it again.
 */
export interface Relation {
  /** Of the catalogue, e.g. `MM-02`. */
  readonly id: string;
  readonly clause: string;
  /** One sentence: what must hold between the two. */
  readonly says: string;
  /** How the second situation differs from the first. */
  readonly differs: string;
  /** Where the two tell different stories; pure. */
  compare(first: Telling, second: Telling): readonly Difference[];
}

export interface Difference {
  readonly message: string;
  /** Numbers (`n`) of the events that show it. */
  readonly events: readonly number[];
}
