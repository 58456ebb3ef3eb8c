import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ScenarioOutcome } from './outcome.ts';

/** Appends one finished scenario to its worker's log. It is on the disk when this returns. */
export function logOutcome(runDir: string, worker: number, outcome: ScenarioOutcome): void {
  const log = openSync(join(runDir, `outcomes.${worker}.ndjson`), 'a');
  try {
    writeSync(log, `${JSON.stringify(outcome)}\n`);
    fsyncSync(log);
  } finally {
    closeSync(log);
  }
}
