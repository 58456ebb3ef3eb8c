import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { runBehindRelay } from '../test/support/run-behind-relay.ts';
import { saidOf } from '../test/support/said-of.ts';
import { TemporaryFolder } from '../test/support/temporary-folder.ts';
import { WORST_LINE } from '../test/support/worst-line.ts';

/*
 * Runs the scenarios on a virtual module behind a relay, once undisturbed and then disturbed, until the connection was cut 200 times:
 * what is said of the module must be the same. Prints one JSON line a run and a measure at the end.
 * Arguments: the module, a seed, further words for `qlhil run`.
 */
const CUTS = 200;
const CUT_EVERY_CHUNKS = 40;
const RUN_BUDGET_MS = 1_200_000;

const [spec = 'virtual?sdk=manual', seedText = '1', ...words] = process.argv.slice(2);
using folder = new TemporaryFolder();
const common = { spec, words, budgetMs: RUN_BUDGET_MS };

const calm = await runBehindRelay({ ...common, seed: Number(seedText), folder: join(folder.path, 'calm') });
const expected = saidOf(calm.record);
print({ run: 'calm', scenarios: calm.record.totals.scenarios, evidence: calm.evidence });
let cuts = 0;
let rounds = 0;
const differences: string[] = [...calm.evidence.breaches];
while (cuts < CUTS) {
  const rough = await runBehindRelay({
    ...common,
    seed: Number(seedText) + rounds,
    folder: join(folder.path, `rough-${rounds}`),
    disturbance: WORST_LINE,
    cutEvery: CUT_EVERY_CHUNKS,
  });
  rounds += 1;
  cuts += rough.connections - calm.connections;
  const whys = rough.record.outcomes.flatMap(({ scenario, why }) => (why === undefined ? [] : [{ scenario, why }]));
  const differing = differencesBetween(expected, saidOf(rough.record));
  differences.push(...differing, ...rough.evidence.breaches);
  print({
    run: rounds,
    totals: rough.record.totals,
    connections: rough.connections,
    evidence: rough.evidence,
    differing,
    whys,
  });
}
const value = differences.length;
print({ name: 'link.disturbed-suite', value, unit: 'differences', bar: 0, ok: value === 0, cuts, rounds });
process.exitCode = value === 0 ? 0 : 1;

function differencesBetween(
  before: Readonly<Record<string, readonly string[]>>,
  after: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const ids = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...ids]
    .filter((id) => !isDeepStrictEqual(before[id], after[id]))
    .map((id) => `${id}: ${before[id]?.join('; ')} became ${after[id]?.join('; ')}`);
}

function print(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
