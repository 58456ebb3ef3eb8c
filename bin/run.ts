import { randomInt } from 'node:crypto';
import type { ModuleSpec } from '../harness/bench/module-spec.ts';
import { readYaml } from '../harness/bench/read-yaml.ts';
import { readSkus } from '../harness/bench/sku.ts';
import { readVirtualCatalogue } from '../harness/bench/virtual-catalogue.ts';
import { EXIT } from '../harness/run/exit-code.ts';
import { knownFailuresSchema } from '../harness/run/known-failure.ts';
import { readBaselines } from '../harness/run/read-baselines.ts';
import type { RunRequest } from '../harness/run/run-request.ts';
import { runScenarios } from '../harness/run/run-scenarios.ts';
import type { RunResult } from '../harness/run/run-view.ts';
import { StopRequest } from '../harness/run/stop-request.ts';
import { allClauses } from '../scenarios/clauses/all-clauses.ts';
import { ConsoleView } from './console-view.ts';
import { paintFor } from './paint.ts';
import { parseModules } from './parse-modules.ts';
import { readDuration, readListen, readOnce, readShard, readWhole } from './read-option.ts';
import type { RunArguments } from './run-command.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { summarise } from './summarise.ts';
import { usageError } from './usage-error.ts';

const LOOPBACK = '127.0.0.1';
const LARGEST_SEED = 0xff_ff_ff_ff;

/** @returns the exit code */
export async function run(given: RunArguments): Promise<number> {
  const request = readRequest(given);
  // With --json, standard output is the record's alone.
  const stream = given.json ? process.stderr : process.stdout;
  const view = new ConsoleView(stream, paintFor(stream));
  if (request.modules.some(lacksBroker) && given['broker-host'] === undefined) {
    view.note(`the module is told to find the broker at ${LOOPBACK}; on a bench, name your address with --broker-host`);
  }
  const stop = new StopRequest();
  using _ = stopOnSignals(stop, (text) => view.note(text));
  const result = await runScenarios(request, { view, stop, clauses: allClauses });
  await show(result, { json: given.json, view });
  return result.exitCode;
}

/** The inventory may name the broker of each. */
function lacksBroker(spec: ModuleSpec): boolean {
  return spec.kind === 'tcp' || spec.kind === 'tty' || (spec.kind === 'bench' && spec.module.broker === undefined);
}

async function show(
  { groups, exitCode }: RunResult,
  { json, view }: { readonly json: boolean; readonly view: ConsoleView },
): Promise<void> {
  if (exitCode === EXIT.nothingRan && groups.length === 0) view.note('no scenario is selected: nothing ran');
  for (const group of groups) view.print(await summarise(group, view.paint));
  if (!json) return;
  const records = groups.map(({ record }) => record);
  process.stdout.write(`${JSON.stringify(records.length === 1 ? records[0] : records, null, 2)}\n`);
}

function readRequest(given: RunArguments): RunRequest {
  const once = (
    name:
      | 'grep'
      | 'shard'
      | 'seed'
      | 'repeat'
      | 'max-duration'
      | 'known'
      | 'baseline'
      | 'bench'
      | 'out'
      | 'broker-host'
      | 'listen'
      | 'apn',
  ) => readOnce(name, given[name]);
  const named = given.module ?? [];
  if (named.length === 0) throw usageError('name a module with --module (--module virtual needs no hardware)');
  const catalogue = { ...readVirtualCatalogue(), skus: readSkus() };
  const seed = once('seed');
  const shard = once('shard');
  const duration = once('max-duration');
  const known = once('known');
  const request = {
    modules: parseModules(named, catalogue, once('bench')),
    files: (given.files ?? []).map(String),
    grep: once('grep'),
    clauses: given.clause ?? [],
    profile: given.profile,
    shard: shard === undefined ? undefined : readShard(shard),
    seed: seed === undefined ? randomInt(LARGEST_SEED) : readWhole('seed', seed, 0, LARGEST_SEED),
    repeat: readWhole('repeat', once('repeat') ?? '1', 1, 10_000),
    shuffle: given.shuffle,
    strict: given.strict,
    known: known === undefined ? [] : readYaml(known, knownFailuresSchema).known,
    baselines: readBaselines(once('baseline')),
    failOnChange: given['fail-on-change'],
    failOnFlaky: given['fail-on-flaky'],
    pcap: given.pcap,
    bail: given.bail,
    maxDurationMs: duration === undefined ? undefined : readDuration('max-duration', duration),
    out: once('out'),
    brokerHost: once('broker-host') ?? LOOPBACK,
    listenAddress: readListen(once('listen') ?? LOOPBACK),
    apn: once('apn') ?? '',
  };
  return { ...request, command: commandAgain(request, seed === undefined) };
}

/** What was typed, with the seed that was drawn. */
function commandAgain({ seed }: { readonly seed: number }, seedWasDrawn: boolean): readonly string[] {
  return ['qlhil', ...process.argv.slice(2), ...(seedWasDrawn ? ['--seed', String(seed)] : [])];
}
