import type { FirstHour } from './first-hour.ts';

/** What a look at a module told. */
export interface Look {
  readonly holds: boolean;
  readonly saw: string;
}

/** Something that a run relies on and that only a module can prove. */
export interface Fact {
  readonly id: string;
  /** `inferred`: concluded from public material; `unknown`: nobody outside of the vendor says. */
  readonly mark: 'inferred' | 'unknown';
  readonly says: string;
  /** How the module is asked. */
  readonly probe: string;
  /** What it means if it does not hold, and what to do. */
  readonly ifNot: string;
  /** What it throws counts as seen, and the fact as not holding. */
  readonly look: (hour: FirstHour) => Promise<Look>;
}
