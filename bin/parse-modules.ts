import { existsSync } from 'node:fs';
import { type BenchModule, readInventory } from '../harness/bench/inventory/inventory.ts';
import { MACHINE } from '../harness/bench/module-place.ts';
import { type KnownNames, type ModuleSpec, parseModuleSpec } from '../harness/bench/module-spec.ts';

const DEFAULT_INVENTORY = 'bench.yaml';

/**
 * The modules that were named, by what they are or by the inventory.
 *
 * @param inventory path; undefined for `bench.yaml` in this folder, if there is one
 * @throws HarnessError CONFIGURATION
 */
export function parseModules(
  named: readonly string[],
  known: KnownNames,
  inventory: string | undefined,
): readonly ModuleSpec[] {
  const bench = readBench(inventory);
  const parse = (text: string): ModuleSpec => {
    const module = bench.find(({ name }) => name === text);
    return module === undefined ? parseModuleSpec(text, known) : { kind: 'bench', text, module, roots: MACHINE };
  };
  return named.map(parse);
}

/** The modules of an inventory; none if none is named and there is no `bench.yaml` here. @throws HarnessError CONFIGURATION */
export function readBench(path: string | undefined): readonly BenchModule[] {
  if (path === undefined && !existsSync(DEFAULT_INVENTORY)) return [];
  return readInventory(path ?? DEFAULT_INVENTORY);
}
