import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Capture } from '../capture/capture.ts';
import { systemClock } from '../clock.ts';
import { harnessVersion } from './harness-version.ts';

/** A capture of what passes from here on. */
export function startCapture(): Capture {
  return new Capture({
    epochMsAtZero: Date.now() - systemClock.nowMs(),
    application: `ql-mqtt-hil ${harnessVersion().version}`,
  });
}

/** Writes it, and its key log, under the name of the attempt's timeline, into the run's folder `captures`. */
export function keepCapture(capture: Capture, runDir: string, timeline: string): void {
  const folder = join(runDir, 'captures');
  mkdirSync(folder, { recursive: true });
  const stem = basename(timeline, '.ndjson');
  writeFileSync(join(folder, `${stem}.pcapng`), capture.pcapng);
  // Keys of this run's own throw-away identities.
  if (capture.keyLog !== '') writeFileSync(join(folder, `${stem}.keylog`), capture.keyLog);
}
