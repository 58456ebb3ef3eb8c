import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { saidOf } from '../../test/support/said-of.ts';
import type { TorturedRun } from './tortured-run.ts';

/** What a run under torture says, beside what was said undisturbed. */
export interface Comparison {
  readonly touched: number;
  /** Of those, by what they came to. */
  readonly recovered: number;
  readonly untouched: number;
  /** Scenarios that only noise met, or nothing, and that ended otherwise all the same. */
  readonly differences: readonly string[];
  /** Scenarios that something else met, and that did not come to the same outcome. */
  readonly unrecovered: readonly string[];
  /** Failures that were found undisturbed, and found again. */
  readonly foundAgain: number;
}

/** Beyond its end: the link is not up again at once. */
const AFTERMATH_MS = 700;
const HEADER_BYTES = 8_192;

export function compareRuns(calm: TorturedRun, rough: TorturedRun): Comparison {
  const expected = saidOf(calm.record);
  const said = saidOf(rough.record);
  const ids = [...new Set([...Object.keys(expected), ...Object.keys(said)])];
  const touched = new Set(ids.filter((id) => isTouched(rough, id)));
  const differing = ids.filter((id) => !isDeepStrictEqual(expected[id], said[id]));
  const unrecovered = ids.filter((id) => touched.has(id) && expected[id]?.[0] !== said[id]?.[0]);
  const describe = (id: string) =>
    `${id}: ${expected[id]?.join('; ')} became ${said[id]?.join('; ')}${whyOf(rough, id)}`;
  return {
    touched: touched.size,
    recovered: touched.size - unrecovered.length,
    untouched: ids.length - touched.size,
    differences: differing.filter((id) => !touched.has(id)).map(describe),
    unrecovered: unrecovered.map(describe),
    foundAgain: ids.filter((id) => expected[id]?.[0] === 'fail' && said[id]?.[0] === 'fail').length,
  };
}

function whyOf({ record }: TorturedRun, id: string): string {
  const why = record.outcomes.find(({ scenario }) => scenario === id)?.why;
  return why === undefined ? '' : ` (${why})`;
}

/** Noise touches nothing: it must change nothing. */
function isTouched({ record, runDir, happened }: TorturedRun, id: string): boolean {
  const attempts = record.outcomes.filter(({ scenario }) => scenario === id).flatMap((outcome) => outcome.attempts);
  // It was never tried: the module was not there.
  if (attempts.length === 0) return true;
  const real = happened.filter(({ kind }) => kind !== 'noise');
  return attempts.some(({ timeline, durationMs }) => {
    const fromMs = startOf(join(runDir, timeline));
    return real.some((one) => one.fromMs <= fromMs + durationMs && one.untilMs + AFTERMATH_MS >= fromMs);
  });
}

/** By the timeline's first line. */
function startOf(path: string): number {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(HEADER_BYTES);
    const text = bytes.toString('utf8', 0, readSync(file, bytes));
    return Date.parse(/"startedAt":"([^"]+)"/u.exec(text)?.[1] ?? '');
  } finally {
    closeSync(file);
  }
}
