import { closeSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScenarioOutcome } from './outcome.ts';
import { recording } from './record-failure.ts';

/**
 * Appends one finished scenario to its worker's log. It is on the disk when this returns.
 *
 * @throws HarnessError RECORD_UNWRITABLE — the disk is full: the line may be cut short, and nothing must be written after it
 */
export function logOutcome(runDir: string, worker: number, outcome: ScenarioOutcome): void {
  const path = join(runDir, `outcomes.${worker}.ndjson`);
  recording(path, () => {
    const log = openSync(path, 'a');
    try {
      // Not writeSync: the last block of a full disk takes a part, and says so only at the next attempt.
      writeFileSync(log, `${JSON.stringify(outcome)}\n`);
      fsyncSync(log);
    } finally {
      closeSync(log);
    }
  });
}
