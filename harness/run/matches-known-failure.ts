import type { KnownFailure } from './known-failure.ts';
import type { Finding } from './outcome.ts';

export interface Judged {
  readonly scenario: string;
  readonly module: { readonly sku: string; readonly revision: string };
}

/** Whether a known failure speaks of this scenario on this module. */
export function isAbout(known: KnownFailure, { scenario, module }: Judged): boolean {
  if (known.sku !== module.sku || !isWhole(known.revision, module.revision)) return false;
  return isOfScenario(known, scenario);
}

/** Whether a known failure may occur in this scenario, whatever the module. */
export function isOfScenario(known: KnownFailure, scenario: string): boolean {
  return known.scenario === undefined || isWhole(known.scenario, scenario);
}

/** Whether a finding is the one that a known failure speaks of. */
export function isMet(known: KnownFailure, finding: Finding): boolean {
  return known.rule === finding.rule && known.clause === finding.clause;
}

function isWhole(pattern: string, text: string): boolean {
  return new RegExp(`^(?:${pattern})$`, 'u').test(text);
}
