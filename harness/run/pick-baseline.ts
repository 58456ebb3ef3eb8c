import type { ModuleSpec } from '../bench/module-spec.ts';
import type { NamedBaseline } from './baseline.ts';
import { findShippedBaseline, readShippedBaselines } from './read-baselines.ts';

/**
 * What a module's observations are held against: the user's baseline of its SKU; for a virtual module that was told nothing of how to
 * behave, else the shipped one. Undefined if there is none.
 */
export function pickBaseline(
  sku: string,
  spec: ModuleSpec | undefined,
  own: readonly NamedBaseline[],
): NamedBaseline | undefined {
  const mine = own.find(({ baseline }) => baseline.sku === sku);
  return mine ?? (spec !== undefined && isPlain(spec) ? findShippedBaseline(sku) : undefined);
}

/** The baselines that there are, one a SKU: the user's before those of the package. */
export function allBaselines(own: readonly NamedBaseline[]): readonly NamedBaseline[] {
  const taken = new Set(own.map(({ baseline }) => baseline.sku));
  return [...own, ...readShippedBaselines().filter(({ baseline }) => !taken.has(baseline.sku))];
}

/** A defect is what a baseline is there to show; another reading of the manual is another module. */
function isPlain(spec: ModuleSpec): boolean {
  if (spec.kind !== 'virtual') return false;
  return spec.personality === undefined && spec.settings.length === 0 && spec.sdk === spec.sku.sdk;
}
