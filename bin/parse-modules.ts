import { existsSync } from 'node:fs';
import { findBenchPort } from '../harness/bench/inventory/find-bench-port.ts';
import { type BenchModule, readInventory } from '../harness/bench/inventory/inventory.ts';
import { type KnownNames, type ModuleSpec, parseModuleSpec } from '../harness/bench/module-spec.ts';

const DEFAULT_INVENTORY = 'bench.yaml';
const MACHINE = { sys: '/sys', dev: '/dev' };

/**
 * The modules that were named, those of the inventory by the port where each is plugged in.
 *
 * @param inventory path; undefined for `bench.yaml` in this folder, if there is one
 * @throws HarnessError CONFIGURATION, PORT_LOST
 */
export async function parseModules(
  named: readonly string[],
  known: KnownNames,
  inventory: string | undefined,
): Promise<readonly ModuleSpec[]> {
  const bench = readBench(inventory);
  const parse = async (text: string): Promise<ModuleSpec> => {
    const expected = bench.find(({ name }) => name === text);
    if (expected === undefined) return parseModuleSpec(text, known);
    return { kind: 'tty', text, path: await findBenchPort(expected, MACHINE), expected };
  };
  return await Promise.all(named.map(parse));
}

/** The modules of an inventory; none if none is named and there is no `bench.yaml` here. @throws HarnessError CONFIGURATION */
export function readBench(path: string | undefined): readonly BenchModule[] {
  if (path === undefined && !existsSync(DEFAULT_INVENTORY)) return [];
  return readInventory(path ?? DEFAULT_INVENTORY);
}
