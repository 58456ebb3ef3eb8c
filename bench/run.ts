import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Measure } from './measure.ts';

/*
 * Runs every `*.bench.ts` beside this file, one after the other, and prints one JSON line a measure. Exit 1 when a bar is missed.
 * Arguments: parts of names, to run only those.
 */
interface Bench {
  readonly measures: () => AsyncIterable<Measure>;
}

const wanted = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.bench.ts'))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .toSorted();
for (const name of files) {
  const bench: Bench = await import(join(import.meta.dirname, name));
  for await (const measure of bench.measures()) {
    process.stdout.write(`${JSON.stringify(measure)}\n`);
    if (!measure.ok) process.exitCode = 1;
  }
}
