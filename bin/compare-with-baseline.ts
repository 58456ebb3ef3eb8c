import { type ModuleSpec, parseModuleSpec } from '../harness/bench/module-spec.ts';
import { readSkus } from '../harness/bench/sku.ts';
import { readVirtualCatalogue } from '../harness/bench/virtual-catalogue.ts';
import { compareWith } from '../harness/compare/compare-with.ts';
import type { Comparison } from '../harness/compare/comparison.ts';
import type { RunRecord } from '../harness/report/run-record.ts';
import type { NamedBaseline } from '../harness/run/baseline.ts';
import { pickBaseline } from '../harness/run/pick-baseline.ts';
import { referenceFromBaseline } from '../harness/run/reference-from-baseline.ts';

/** A run against the baseline of its SKU, the user's own before a shipped one; undefined if there is none. */
export function compareWithBaseline(record: RunRecord, own: readonly NamedBaseline[]): Comparison | undefined {
  const { sku, spec } = record.module;
  const picked = pickBaseline(sku, findSpec(spec), own);
  return picked && compareWith(referenceFromBaseline(picked.baseline, record.module), record);
}

/** Only of a virtual module: a name of somebody's inventory need not be known here. */
function findSpec(text: string): ModuleSpec | undefined {
  return text.startsWith('virtual')
    ? parseModuleSpec(text, { ...readVirtualCatalogue(), skus: readSkus() })
    : undefined;
}
