import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runSuite } from './run-suite.ts';

/*
 * Runs the suite on the personality that draws all that nobody specifies from its seed. What is specified must hold each time: a
 * scenario that fails or can't be judged leans on a guess. One JSON line a seed; exit 1 if there is one.
 */
const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '10' }, first: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const MODULES = 4;
const folder = mkdtempSync(join(tmpdir(), 'qlhil-seeded-'));
let leaning = 0;
for (let seed = Number(values.first); seed < Number(values.first) + Number(values.seeds); seed++) {
  const sdk = seed % 2 === 0 ? 'r03' : 'manual';
  const module = `virtual?personality=seeded&sdk=${sdk}&seed=${seed}*${MODULES}`;
  const out = join(folder, String(seed));
  const { record, exitCode } = await runSuite(['--module', module, '--seed', String(seed), ...positionals], out);
  const odd = record.outcomes
    .filter(({ outcome }) => outcome !== 'pass' && outcome !== 'skipped')
    .map(({ scenario, outcome, findings, why }) => ({ scenario, outcome, findings: findings.map(toldOf), why }));
  const deviations = record.outcomes.flatMap(({ scenario, findings }) =>
    findings.filter(({ kind }) => kind === 'inferred').map((one) => `${scenario}: ${toldOf(one)}`),
  );
  leaning += odd.length;
  process.stdout.write(`${JSON.stringify({ seed, sdk, exitCode, totals: record.totals, odd, deviations })}\n`);
  if (odd.length === 0) rmSync(out, { recursive: true });
}
process.exitCode = leaning === 0 ? 0 : 1;

function toldOf({
  rule,
  clause,
  message,
}: {
  readonly rule: string;
  readonly clause: string;
  readonly message: string;
}) {
  return `${rule} (${clause}): ${message}`;
}
