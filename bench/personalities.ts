import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { comparePrediction } from './personalities/compare-prediction.ts';
import { readPredictions } from './personalities/prediction.ts';
import { runSuite } from './run-suite.ts';

/*
 * Runs the suite on the personalities that are predicted to fail, and holds what it finds against the prediction (fixtures/personalities).
 * One JSON line each; exit 1 at a difference that its file does not explain. Arguments: names of personalities (all).
 */
const MODULES = 4;

const { positionals } = parseArgs({ allowPositionals: true });
const predictions = readPredictions().filter(
  ({ personality }) => positionals.length === 0 || positionals.includes(personality),
);
const folder = mkdtempSync(join(tmpdir(), 'qlhil-personalities-'));
let differences = 0;
for (const prediction of predictions) {
  const { personality, module } = prediction;
  const out = join(folder, personality);
  const { record, exitCode } = await runSuite(['--module', `${module}*${MODULES}`, '--seed', '1'], out);
  const comparison = comparePrediction(prediction, record);
  differences += comparison.unexplained.length + comparison.idle.length;
  process.stdout.write(`${JSON.stringify({ personality, exitCode, totals: record.totals, ...comparison, out })}\n`);
}
if (differences === 0) rmSync(folder, { recursive: true });
process.exitCode = differences === 0 ? 0 : 1;
