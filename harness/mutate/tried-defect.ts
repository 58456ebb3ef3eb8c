import type { Defect } from '../bench/virtual-catalogue.ts';
import type { ClauseKind, ScenarioOutcome } from '../run/outcome.ts';
import { tellingFindings, tellingKey } from './telling.ts';

/** What gave a defect away. */
export interface Kill {
  /** A rule's id, or `expect:<predicate>`. */
  readonly rule: string;
  readonly clause: string;
  readonly kind: ClauseKind;
  readonly scenario: string;
  readonly message: string;
  /** Whether the clause is the one that the defect breaks. */
  readonly isItsClause: boolean;
  /** `tellingKey` of the finding. */
  readonly key: string;
}

/** A defect and what the suite made of it. */
export interface TriedDefect extends Defect {
  /** Null: nothing noticed it. */
  readonly killedBy: Kill | null;
  /** Every rule and clause that spoke up until then, as `rule clause`. */
  readonly told: readonly string[];
  /** How many scenarios ran. */
  readonly scenarios: number;
  readonly durationMs: number;
}

/** The finding that counts: the first of its own clause, else the first of any. */
export function findKill(
  { clause: broken }: Pick<Defect, 'clause'>,
  outcomes: readonly ScenarioOutcome[],
  except: readonly string[],
): Kill | null {
  const tellings = outcomes.flatMap(tellingFindings).filter((telling) => !except.includes(tellingKey(telling)));
  const telling = tellings.find(({ clause }) => clause === broken) ?? tellings[0];
  if (telling === undefined) return null;
  const { rule, clause, kind, scenario, message } = telling;
  return { rule, clause, kind, scenario, message, isItsClause: clause === broken, key: tellingKey(telling) };
}

export function whatTold(outcomes: readonly ScenarioOutcome[]): readonly string[] {
  return [...new Set(outcomes.flatMap(tellingFindings).map(({ rule, clause }) => `${rule} ${clause}`))];
}
