import type { KnownFailure } from './known-failure.ts';
import { isAbout, isMet, isOfScenario } from './matches-known-failure.ts';
import type { ScenarioOutcome } from './outcome.ts';

/** What became of a known failure in a run on a module that it speaks of. */
export interface ReviewedKnownFailure extends KnownFailure {
  /** Outcomes in which it was found. */
  readonly met: number;
  /** All that could show it ran and tried it, and it was not found: it is to be struck off the list. */
  readonly isHealed: boolean;
}

/**
 * Looks for known failures that have begun to pass.
 *
 * Only a run in which every scenario that the entry speaks of (all of them, if it names none) came to a verdict can tell:
 * `scenarios` are the ids of those that there are, whether they were selected or not.
 */
export function reviewKnownFailures(
  known: readonly KnownFailure[],
  outcomes: readonly ScenarioOutcome[],
  scenarios: readonly string[],
): readonly ReviewedKnownFailure[] {
  const judged = new Set(outcomes.filter(({ outcome }) => outcome !== 'inconclusive').map(({ scenario }) => scenario));
  return known.flatMap((entry) => {
    const own = outcomes.filter((outcome) => isAbout(entry, outcome));
    if (own.length === 0) return [];
    const met = own.filter(({ findings }) => findings.some((finding) => isMet(entry, finding))).length;
    const isComplete = scenarios.every((scenario) => !isOfScenario(entry, scenario) || judged.has(scenario));
    return [{ ...entry, met, isHealed: met === 0 && isComplete && own.some((outcome) => hasTried(outcome, entry)) }];
  });
}

/** Nothing passes by not happening. */
function hasTried({ exercised, clausesExercised }: ScenarioOutcome, { rule, clause }: KnownFailure): boolean {
  return (exercised[rule] ?? 0) > 0 && (clausesExercised[clause] ?? 0) > 0;
}
