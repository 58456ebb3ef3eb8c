import type { ScenarioOutcome } from '../run/outcome.ts';
import { type Telling, tellingFindings, tellingKey } from './telling.ts';

/** What the scenarios say of a module without a defect: whatever they find there is a false alarm. */
export class CleanControl {
  readonly #outcomes = new Map<string, ScenarioOutcome>();

  add(outcomes: readonly ScenarioOutcome[]): void {
    for (const outcome of outcomes) this.#outcomes.set(outcome.scenario, outcome);
  }

  /** Those that have not been run on it yet. */
  lacking(scenarios: Iterable<string>): readonly string[] {
    return [...new Set(scenarios)].filter((id) => !this.#outcomes.has(id));
  }

  get falseAlarms(): readonly Telling[] {
    return [...this.#outcomes.values()].flatMap(tellingFindings);
  }

  get keys(): readonly string[] {
    return this.falseAlarms.map(tellingKey);
  }

  /** Scenarios that came to no verdict, with the reason. */
  get troubles(): readonly string[] {
    return [...this.#outcomes.values()]
      .filter(({ outcome }) => outcome === 'inconclusive')
      .map(({ scenario, why = 'inconclusive' }) => `${scenario} without a defect: ${why}`);
  }

  get scenarios(): number {
    return this.#outcomes.size;
  }
}
