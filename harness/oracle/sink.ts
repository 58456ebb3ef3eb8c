import type { Observation } from '../run/outcome.ts';
import type { RuleFinding, Sample } from './rule.ts';

/** A rule, an expectation or a relation, as far as counts and findings go. */
export interface Judging {
  readonly id: string;
  readonly clause: string;
}

/** What a step adds to the verdict. */
export interface Sink {
  /** Left out, `clauses` are its own alone. */
  exercised(judging: Judging, times: number, clauses?: ReadonlyMap<string, number>): void;
  found(judging: Judging, finding: RuleFinding): void;
  observed(observation: Observation): void;
  measured(sample: Sample): void;
  trouble(what: string): void;
  /** A rule threw: a bug in the harness, never the module's. */
  bug(what: string): void;
}
