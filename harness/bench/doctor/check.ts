import type { Visit } from './visit.ts';

/** What a check saw; `mend` is there when it is not as it should be. */
export interface Sighting {
  readonly saw: string;
  readonly mend?: string;
}

export interface Check<Id extends string = string> {
  readonly id: Id;
  /** Without these, it would only say the same again. */
  readonly needs: readonly string[];
  /** How to mend it, if looking itself fails. */
  readonly mend: string;
  readonly look: (visit: Visit) => Promise<Sighting>;
}
