import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSuite } from './run-suite.ts';

/*
 * Runs the whole suite again and again, shuffled, each time with another seed and on another SKU in turn, as often by the
 * manual as by R03: a suite without a flake says the same of a virtual module each time. One JSON line a run, one measure at
 * the end; exit 1 at a flake. Arguments: how often (40), the first seed (drawn), further words for `qlhil run`. The folders of runs that differ are kept.
 */
const MANUAL = 'EG500U-CN';
const SKUS = [MANUAL, 'EC200U-CN', MANUAL, 'EC600U-CN', MANUAL, 'EG700U-CN'];
const LARGEST_SEED = 2 ** 31;

const [timesText = '40', firstText = String(Math.floor(Math.random() * LARGEST_SEED)), ...words] =
  process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'qlhil-flake-'));
let flakes = 0;
for (let round = 0; round < Number(timesText); round++) {
  const seed = (Number(firstText) + round) % LARGEST_SEED;
  const module = `virtual:${SKUS[round % SKUS.length]}`;
  const out = join(folder, String(round + 1));
  const { record, exitCode, tookMs } = await runSuite(
    ['--module', module, '--shuffle', '--seed', String(seed), ...words],
    out,
  );
  const odd = record.outcomes.filter(({ outcome, attempts }) => !isSteady(outcome) || attempts.length > 1);
  if (exitCode !== 0 || odd.length > 0) flakes += 1;
  else rmSync(out, { recursive: true });
  const told = odd.map(({ scenario, outcome, why = '' }) => ({ scenario, outcome, why }));
  print({ round: round + 1, module, seed, exitCode, totals: record.totals, tookMs: Math.round(tookMs), odd: told });
}
print({
  name: 'runs of the suite that were not like the others',
  value: flakes,
  unit: 'runs',
  bar: 0,
  ok: flakes === 0,
});
if (flakes === 0) rmSync(folder, { recursive: true });
else print({ kept: folder });
process.exitCode = flakes === 0 ? 0 : 1;

/** A virtual module without a defect has nothing to fail. */
function isSteady(outcome: string): boolean {
  return outcome === 'pass' || outcome === 'skipped';
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
