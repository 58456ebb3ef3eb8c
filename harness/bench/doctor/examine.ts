import { asError } from '../../errors.ts';
import { BROKER_CHECKS } from './broker-checks.ts';
import type { Check } from './check.ts';
import { HOST_CHECKS } from './host-checks.ts';
import { MODULE_CHECKS } from './module-checks.ts';
import { Visit, type VisitOptions } from './visit.ts';

export interface CheckResult {
  readonly check: string;
  readonly state: 'good' | 'bad' | 'skipped';
  readonly saw: string;
  readonly mend?: string;
}

export const CHECKS: readonly Check[] = [...HOST_CHECKS, ...MODULE_CHECKS, ...BROKER_CHECKS];

/** All checks in order; what a failed one makes pointless is skipped, so that each trouble is told once. */
export async function examine(
  options: VisitOptions,
  onResult: (result: CheckResult) => void,
): Promise<readonly CheckResult[]> {
  await using visit = new Visit(options);
  return await examineVisit(visit, CHECKS, onResult);
}

/** Some of the checks, of a visit that goes on. */
export async function examineVisit(
  visit: Visit,
  checks: readonly Check[],
  onResult: (result: CheckResult) => void,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    const missing = check.needs.find((id) => results.some((result) => result.check === id && result.state !== 'good'));
    const result: CheckResult =
      missing === undefined
        ? await look(check, visit)
        : { check: check.id, state: 'skipped', saw: `it needs ${missing}` };
    results.push(result);
    onResult(result);
  }
  return results;
}

async function look({ id, look: see, mend }: Check, visit: Visit): Promise<CheckResult> {
  try {
    const sighting = await see(visit);
    return { check: id, state: sighting.mend === undefined ? 'good' : 'bad', ...sighting };
  } catch (thrown) {
    return { check: id, state: 'bad', saw: asError(thrown).message, mend };
  }
}
