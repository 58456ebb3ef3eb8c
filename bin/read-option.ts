import { parseListen } from '../broker/parse-listen.ts';
import { asError } from '../harness/errors.ts';
import { usageError } from './usage-error.ts';

/** Values of options, from text; each says what is wrong with it. @throws HarnessError CONFIGURATION — it makes no sense */

export function readWhole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/u.test(text) && value >= least && value <= most) return value;
  throw usageError(`--${name} takes a whole number from ${least} to ${most}, not '${text}'`);
}

const UNIT_MS: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000 };

/** `90`, `90s`, `15m`, `2h`: in ms. */
export function readDuration(name: string, text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([smh]?)$/u.exec(text) ?? [];
  const ms = Number(number) * (UNIT_MS[unit] ?? 0);
  // Beyond that, timers of Node end at once.
  if (number !== '' && ms > 0 && ms < 2 ** 31) return ms;
  throw usageError(`--${name} takes a duration such as 90s, 15m or 2h, not '${text}'`);
}

/** `4711`, the number of an event; `90s` or `1500ms`, a time from the start of a timeline. */
export function readSince(text: string): { readonly n: number } | { readonly ms: number } {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/u.exec(text) ?? [];
  if (number === '' || (unit === '' && number.includes('.')))
    throw usageError(`--since takes the number of an event, or a time such as 90s or 1500ms, not '${text}'`);
  if (unit === '') return { n: Number(number) };
  return { ms: unit === 'ms' ? Number(number) : Number(number) * (UNIT_MS[unit] ?? 0) };
}

export function readShard(text: string): { readonly index: number; readonly count: number } {
  const [, index, count] = /^([1-9]\d*)\/([1-9]\d*)$/u.exec(text) ?? [];
  if (Number(index) <= Number(count)) return { index: Number(index), count: Number(count) };
  throw usageError(`--shard takes i/n with i from 1 to n, not '${text}'`);
}

/** Where the broker listens. */
export function readListen(text: string): string {
  try {
    parseListen(text);
    return text;
  } catch (thrown) {
    throw usageError(`--listen: ${asError(thrown).message}`);
  }
}

/** Of an option that may be given once. */
export function readOnce(name: string, value: string | readonly string[] | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw usageError(`--${name} is given ${value.length} times`);
}
