import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { askHarness } from './mutants/ask-harness.ts';
import { drawEvenly } from './mutants/draw.ts';
import { MachineLock } from './mutants/machine-lock.ts';
import {
  digestOfClient,
  digestOfFiles,
  findMutants,
  GENERATIONS,
  type Generation,
  type Mutant,
} from './mutants/mutant.ts';
import { MutantBuild } from './mutants/mutant-build.ts';
import { CountingBuild, type Reach, SuiteReach } from './mutants/reach.ts';
import { isMutant, type MutantResult, ResultsFile, SCHEMA } from './mutants/result.ts';
import { type Stage, told, tryMutant } from './mutants/try-mutant.ts';

/*
 * Plants mutations in the virtual module's MQTT client, drawn evenly over its files and kinds of mutation, and sees whether the suite fails.
 * One JSON line a mutant; results are kept in a file after each, and it goes on where that file ends. docs/power.md is written from it.
 */
const { values } = parseArgs({
  options: {
    results: { type: 'string', default: join(import.meta.dirname, 'mutants', 'results.ndjson') },
    /** Builds and runs; nothing in it is worth keeping. */
    work: { type: 'string', default: join(import.meta.dirname, '..', 'out', 'mutants') },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '200' },
    /** Leaves out as many of the draw: several at work, each with its own results and folder, share it. */
    skip: { type: 'string', default: '0' },
    /** Begin none later than this. */
    minutes: { type: 'string', default: '600' },
    /** A file that other heavy work on the machine locks, too; held for one mutant at a time. */
    lock: { type: 'string' },
    /** How far to go with each: `made` only compiles, `area` asks the scenarios of its area, `suite` all. What is left is taken up again later. */
    until: { type: 'string', default: 'suite' },
    /** Tries these again, whatever the file says of them. */
    again: { type: 'string', multiple: true, default: [] },
  },
});

const SCENARIOS = join(import.meta.dirname, '..', 'scenarios');
const SCENARIO_FILE = /\.scenario\.ts$/u;
const MS_PER_MINUTE = 60_000;
const endMs = performance.now() + Number(values.minutes) * MS_PER_MINUTE;
const seed = Number(values.seed);
const work = resolve(values.work);
mkdirSync(work, { recursive: true });
const results = ResultsFile.open(values.results, { schema: SCHEMA, seed, client: digestOfClient() });
const drawn = drawEvenly(findMutants(), seed);
const out = join(work, 'run');
const reach = await findReach();
const build = new MutantBuild(join(work, 'build'));
const stages: readonly Stage[] = values.until === 'suite' ? ['area', 'suite'] : values.until === 'area' ? ['area'] : [];

let tried = 0;
for (const mutant of drawn.slice(Number(values.skip))) {
  if (tried >= Number(values.count) || performance.now() >= endMs) break;
  const kept = values.again.includes(mutant.id) ? undefined : results.find(mutant.id);
  const toAsk = stages.filter((stage) => kept?.asked !== stage);
  const isDone = kept !== undefined && (kept.verdict !== 'pending' || toAsk.length === 0);
  const result = isDone ? kept : await attempt(mutant, toAsk);
  if (isMutant(result)) tried += 1;
}

/** What the suite comes to, on each generation; kept, since it costs a whole run. */
async function findReach(): Promise<ReadonlyMap<Generation, SuiteReach>> {
  const scenarios = digestOfFiles(SCENARIOS, SCENARIO_FILE);
  const path = (sdk: Generation) => join(work, `suite-reach-${sdk}-${digestOfClient()}-${scenarios}.json`);
  const missing = GENERATIONS.filter((sdk) => !existsSync(path(sdk)));
  await using _ = await MachineLock.hold(missing.length === 0 ? undefined : values.lock);
  await Promise.all(missing.map(async (sdk) => (await measureReach(sdk)).write(path(sdk))));
  return new Map(GENERATIONS.map((sdk) => [sdk, SuiteReach.read(path(sdk))]));
}

/** Runs the suite, file by file, on the client as it is. If that fails, every mutant would be killed. */
async function measureReach(sdk: Generation): Promise<SuiteReach> {
  const counting = new CountingBuild(join(work, 'counting'), sdk);
  const byFile = new Map<string, Reach>();
  for (const name of scenarioNames()) {
    counting.reset();
    const question = { firmware: counting.folder, out: join(work, `run-${sdk}`), sdk, files: [name], modules: 1 };
    const answer = await askHarness(question);
    if (answer.says !== 'passed') {
      throw new Error(`the client without a mutation is not passed by ${name}: ${JSON.stringify(answer)}`);
    }
    byFile.set(name, counting.read());
  }
  return new SuiteReach(byFile);
}

function scenarioNames(): readonly string[] {
  const files = readdirSync(SCENARIOS).filter((name) => SCENARIO_FILE.test(name));
  return files.map((name) => name.replace(SCENARIO_FILE, '')).toSorted();
}

async function attempt(mutant: Mutant, toAsk: readonly Stage[]): Promise<MutantResult> {
  const startedMs = performance.now();
  const made = build.plant(mutant);
  const result = made.is === 'made' ? await judge(mutant, made.differs, toAsk) : { ...told(mutant), verdict: made.is };
  results.add(result);
  const tookMs = Math.round(performance.now() - startedMs);
  process.stdout.write(`${JSON.stringify({ ...result, tried: tried + 1, tookMs })}\n`);
  return result;
}

async function judge(mutant: Mutant, differs: readonly Generation[], toAsk: readonly Stage[]): Promise<MutantResult> {
  const reached = differs.map((sdk): [Generation, readonly string[]] => [
    sdk,
    reach.get(sdk)?.filesThatReach(mutant) ?? scenarioNames(),
  ]);
  const files = new Map(reached.filter(([, names]) => names.length > 0));
  if (files.size === 0) return { ...told(mutant), verdict: 'survived', why: 'no scenario comes here' };
  if (toAsk.length === 0) return { ...told(mutant), verdict: 'pending' };
  await using _ = await MachineLock.hold(values.lock);
  return await tryMutant(mutant, { stages: toAsk, files }, { firmware: build.folder, out });
}
