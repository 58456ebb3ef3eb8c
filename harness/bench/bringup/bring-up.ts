import { asError } from '../../errors.ts';
import type { Fact, Look } from './fact.ts';
import { FACTS } from './facts.ts';
import type { FirstHour } from './first-hour.ts';

export interface FactResult extends Look {
  readonly fact: Fact;
}

/** Looks at the facts in their order, and stops at the first that does not hold: those after it stand on it. */
export async function bringUp(
  hour: FirstHour,
  onResult: (result: FactResult) => void,
  facts: readonly Fact[] = FACTS,
): Promise<readonly FactResult[]> {
  const results: FactResult[] = [];
  for (const fact of facts) {
    const result = { fact, ...(await look(fact, hour)) };
    results.push(result);
    onResult(result);
    if (!result.holds) break;
  }
  return results;
}

async function look(fact: Fact, hour: FirstHour): Promise<Look> {
  try {
    return await fact.look(hour);
  } catch (thrown) {
    return { holds: false, saw: asError(thrown).message };
  }
}
