import type { CoverageRecord } from './coverage-table.ts';

/** Which defects a rule found something in, by rule. */
export type FoundIn = CoverageRecord['defects'];

/** What one run on a module with a defect found, or what `qlhil mutate` was told before it went on to the next defect. */
export interface DefectTold {
  readonly defect: string;
  /** Ids of rules and relations. */
  readonly rules: readonly string[];
}

/** Adds what was told of defects to what is known. What a scenario expects is no rule. */
export function foundIn(told: readonly DefectTold[], known: FoundIn = {}): FoundIn {
  const found = new Map(Object.entries(known).map(([rule, defects]) => [rule, new Set(defects)]));
  for (const { defect, rules } of told) {
    for (const rule of rules.filter((one) => !one.startsWith('expect:')))
      found.set(rule, (found.get(rule) ?? new Set()).add(defect));
  }
  const sorted = [...found].toSorted(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(sorted.map(([rule, defects]) => [rule, [...defects].toSorted()]));
}
