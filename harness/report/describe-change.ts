import type { ObservationChange, ObservedValue } from './run-record.ts';

/** `err of a request that timed out: 257 → -9`. */
export function describeChange({ name, old, new: fresh }: Omit<ObservationChange, 'scenarios'>): string {
  return `${name}: ${describeValues(old)} → ${describeValues(fresh)}`;
}

export function describeValues(values: readonly ObservedValue[]): string {
  return values.length === 0 ? 'nothing' : values.map(String).join(' or ');
}

/** `a, b, c and 9 more`. */
export function describeScenarios(scenarios: readonly string[], shown = 3): string {
  if (scenarios.length <= shown + 1) return scenarios.join(', ');
  return `${scenarios.slice(0, shown).join(', ')} and ${scenarios.length - shown} more`;
}
