import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { randomOf } from '../harness/module/disturbed.ts';
import { EXIT_CODES, type KillResult, killTrial, VICTIMS, type Victim } from '../test/support/kill-trial.ts';
import { TemporaryFolder } from '../test/support/temporary-folder.ts';

/*
 * Kills a process of a run at a random moment, again and again: what is left must be a record that can be read, no process,
 * and the right exit code. One JSON line a kill, one measure at the end; exit 1 when something was wrong.
 * Arguments: how often (100), the seed (drawn).
 */
const LARGEST_SEED = 2 ** 31;
/** From the start of the command line, which reaches from a build to the end of a run. */
const LATEST_FROM_START_MS = 6000;
/** From the first outcome. */
const LATEST_MS = 1500;
/** A run on a slow machine may be over before its moment comes: it is drawn again. */
const TRIES = 3;
/** How soon after the command line everything that it started is to have ended. */
const GONE_WITHIN_MS = 1000;

const [timesText = '100', seedText = String(Math.floor(Math.random() * LARGEST_SEED))] = process.argv.slice(2);
const times = Number(timesText);
const random = randomOf(Number(seedText));
using folder = new TemporaryFolder();
await buildFirmware('manual');
let wrong = 0;
let kills = 0;
for (let trial = 0; kills < times && trial < TRIES * times; trial++) {
  const victim = VICTIMS[Math.floor(random() * VICTIMS.length)] ?? 'worker';
  const latestMs = victim === 'command line' ? LATEST_FROM_START_MS : LATEST_MS;
  const afterMs = Math.floor(random() * latestMs);
  const result = await killTrial({ victim, afterMs, name: `kill-${trial}`, cwd: folder.path });
  const { exitCode, goneMs, isTooLate } = result;
  const breaches = isTooLate ? [] : breachesOf(victim, result);
  if (!isTooLate) kills += 1;
  if (breaches.length > 0) wrong += 1;
  print({ trial, victim, afterMs, exitCode, goneMs, isTooLate, breaches });
}
const name = `of ${kills} kills, those that left something wrong behind`;
print({ name, value: wrong, unit: 'kills', bar: 0, ok: wrong === 0 && kills === times, seed: Number(seedText) });
process.exitCode = wrong === 0 && kills === times ? 0 : 1;

function breachesOf(victim: Victim, { exitCode, unreadable, left, hasRecord, goneMs }: KillResult): readonly string[] {
  const wanted = EXIT_CODES[victim];
  // A command line that ended before it could be killed has its own word.
  const isFinished = victim === 'command line' && exitCode !== null;
  return [
    ...unreadable.map((what) => `can't be read: ${what}`),
    ...left.map((command) => `still runs: ${command}`),
    ...(exitCode === wanted || isFinished ? [] : [`exit code ${exitCode}, not ${wanted}`]),
    ...(hasRecord || victim === 'command line' ? [] : ['no run.json']),
    ...(goneMs > GONE_WITHIN_MS ? [`processes ran on for ${goneMs} ms`] : []),
  ];
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
