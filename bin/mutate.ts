import { availableParallelism } from 'node:os';
import { findClosestName } from '../harness/bench/closest-name.ts';
import { parseModuleSpec, type VirtualSpec } from '../harness/bench/module-spec.ts';
import { readSkus } from '../harness/bench/sku.ts';
import { type Defect, readVirtualCatalogue } from '../harness/bench/virtual-catalogue.ts';
import { mutate as tryDefects } from '../harness/mutate/mutate.ts';
import type { MutateRequest } from '../harness/mutate/mutate-request.ts';
import { exitCodeOf } from '../harness/mutate/mutate-result.ts';
import { EXIT } from '../harness/run/exit-code.ts';
import { readPattern } from '../harness/run/select-scenarios.ts';
import { StopRequest } from '../harness/run/stop-request.ts';
import type { MutateArguments } from './mutate-command.ts';
import { MutateConsole } from './mutate-console.ts';
import { paintFor } from './paint.ts';
import { readOnce, readWhole } from './read-option.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { usageError } from './usage-error.ts';

const LARGEST_SEED = 0xff_ff_ff_ff;
const MOST_LANES = 16;

/** @returns the exit code */
export async function mutate(given: MutateArguments): Promise<number> {
  const request = readRequest(given);
  // With --json, standard output is the result's alone.
  const stream = given.json ? process.stderr : process.stdout;
  const view = new MutateConsole(stream, paintFor(stream), request.defects.length);
  if (request.defects.length === 0) {
    view.note('no defect is selected: nothing ran');
    return EXIT.nothingRan;
  }
  const stop = new StopRequest();
  using _ = stopOnSignals(stop, () => view.note('stopping'));
  const result = await tryDefects(request, { view, stop });
  view.summarise(result);
  if (given.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  return exitCodeOf(result);
}

function readRequest(given: MutateArguments): MutateRequest {
  const lanes = readOnce('lanes', given.lanes);
  return {
    module: readModule(readOnce('module', given.module) ?? 'virtual'),
    defects: selectDefects(given.defect ?? [], readOnce('grep', given.grep)),
    lanes: lanes === undefined ? availableParallelism() : readWhole('lanes', lanes, 1, MOST_LANES),
    areaOnly: given.area,
    seed: readWhole('seed', readOnce('seed', given.seed) ?? '1', 0, LARGEST_SEED),
    out: readOnce('out', given.out),
  };
}

function readModule(text: string): VirtualSpec {
  const spec = parseModuleSpec(text, { ...readVirtualCatalogue(), skus: readSkus() });
  if (spec.kind !== 'virtual') throw usageError(`only a virtual module can be given defects, not '${text}'`);
  if (spec.count > 1) throw usageError(`'${text}': how many at a time is said with --lanes`);
  if (spec.hasOwnNetwork)
    throw usageError(`'${text}': defects are tried on the loopback, without a network of their own`);
  return spec;
}

/** Those named and those that match; all if nothing is asked for. */
function selectDefects(named: readonly string[], grep: string | undefined): readonly Defect[] {
  const { defects } = readVirtualCatalogue();
  const pattern = grep === undefined ? undefined : readPattern(grep);
  const unknown = named.find((name) => !defects.some((defect) => defect.name === name));
  if (unknown !== undefined) throw unknownDefect(unknown, defects);
  return defects
    .filter(({ name }) => named.length === 0 || named.includes(name))
    .filter((defect) => pattern === undefined || Object.values(defect).some((text) => pattern.test(text)));
}

function unknownDefect(name: string, defects: readonly Defect[]): Error {
  const closest = findClosestName(
    name,
    defects.map((defect) => defect.name),
  );
  const hint = closest === undefined ? '`qlhil list defects` names them' : `did you mean ${closest}?`;
  return usageError(`unknown defect '${name}': ${hint}`);
}
