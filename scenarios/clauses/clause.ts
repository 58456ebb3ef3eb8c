/** How binding a clause is: what breaks a specified one fails, an inferred one is a deviation, a characterised one is only recorded. */
export type ClauseKind = 'specified' | 'inferred' | 'characterised';

/**
 * What it takes to bring a clause about. `virtual`: a virtual module is enough, and so is any bench. A module whose power can be
 * switched is needed where nothing else brings it back, a network simulator where the network itself must misbehave.
 */
export type Reach = 'virtual' | 'bench with power' | 'bench with a network simulator';

/** One normative sentence, in our own words. */
export interface Clause {
  readonly id: string;
  /** Where it stands, e.g. `manual 3.3.5`, `MQTT 3.1.1`, `RFC 6125`. */
  readonly source: string;
  readonly says: string;
  readonly kind: ClauseKind;
  /**
   * For a characterised clause under which times are observed: how far a number may be from the one before and still be the same, as a share
   * of it. Left out: not at all.
   */
  readonly tolerance?: number;
  readonly reach: Reach;
  /** Feature or capability without which it binds nobody. */
  readonly needs?: string;
  /** Our reading where the source contradicts itself or leaves room, and why it is ours. */
  readonly reason?: string;
  /** Why no rule and no scenario cites it. */
  readonly uncited?: string;
}

/** Clauses as they are written down: by id, `reach` left out where it is `virtual`. */
export type Clauses = Readonly<Record<string, Omit<Clause, 'id' | 'reach'> & { readonly reach?: Reach }>>;
