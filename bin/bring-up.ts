import { appendFileSync, writeFileSync } from 'node:fs';
import type { FactResult } from '../harness/bench/bringup/bring-up.ts';
import { FACTS } from '../harness/bench/bringup/facts.ts';
import { type FirstHourResult, runFirstHour } from '../harness/bench/bringup/run-first-hour.ts';
import { asError } from '../harness/errors.ts';
import { EXIT } from '../harness/run/exit-code.ts';
import { describeCheck } from './describe-check.ts';
import type { DoctorArguments } from './doctor.ts';
import { doctorTarget } from './doctor-target.ts';
import { type Paint, paintFor } from './paint.ts';
import { usageError } from './usage-error.ts';

/** @returns the exit code: 3 if a fact does not hold, or could not be looked at */
export async function bringUpModule({ json, transcript, ...words }: DoctorArguments): Promise<number> {
  const paint = paintFor(process.stdout);
  const path = transcript ?? `bringup-${new Date().toISOString().replaceAll(/[-:]|\.\d+/gu, '')}.ndjson`;
  const say = (text: string) => void (json || process.stdout.write(`${text}\n`));
  await using target = await doctorTarget(words);
  begin(path);
  const result = await runFirstHour(target.options, {
    check: (check) => say(describeCheck(check, paint)),
    fact: (fact) => say(describeFact(fact, paint)),
    keep: (entry) => appendFileSync(path, `${JSON.stringify(entry)}\n`),
  });
  say(conclude(result, path, paint));
  if (json) process.stdout.write(`${JSON.stringify({ ...toJson(result), transcript: path }, null, 2)}\n`);
  return isWhole(result) ? EXIT.passed : EXIT.rigFailed;
}

/** @throws HarnessError CONFIGURATION — the file is there already: it is somebody's evidence */
function begin(path: string): void {
  try {
    writeFileSync(path, '', { flag: 'wx' });
  } catch (thrown) {
    throw usageError(`--transcript: ${asError(thrown).message}; name a fresh file`);
  }
}

function isWhole({ facts }: FirstHourResult): boolean {
  return facts.length === FACTS.length && facts.every(({ holds }) => holds);
}

function describeFact({ fact, holds, saw }: FactResult, paint: Paint): string {
  const line = `${holds ? paint('good', '✓') : paint('bad', '✗')} ${fact.id.padEnd(14)} ${saw}`;
  const about = `  ${''.padEnd(14)} ${paint('faint', `${fact.says} (${fact.mark})`)}`;
  return holds ? `${line}\n${about}` : `${line}\n${about}\n  ${''.padEnd(14)} if it does not hold: ${fact.ifNot}`;
}

function conclude(result: FirstHourResult, path: string, paint: Paint): string {
  const { checks, facts } = result;
  const kept = `the transcript is in ${path}`;
  if (isWhole(result)) return paint('good', `all ${FACTS.length} facts hold; ${kept}`);
  if (facts.length === 0) {
    const bad = checks.filter(({ state }) => state === 'bad').map(({ check }) => check);
    return paint('bad', `to be mended first: ${bad.join(', ')}`);
  }
  const stopped = facts.at(-1)?.fact.id ?? '';
  return paint(
    'bad',
    `stopped at '${stopped}', fact ${facts.length} of ${FACTS.length}: those after it stand on it; ${kept}`,
  );
}

function toJson({ checks, facts }: FirstHourResult): object {
  return {
    checks,
    facts: facts.map(({ fact: { id, mark, says, probe, ifNot }, holds, saw }) => ({
      id,
      mark,
      says,
      probe,
      holds,
      saw,
      ifNot,
    })),
    notLookedAt: FACTS.slice(facts.length).map(({ id }) => id),
  };
}
