import type { Params } from './expectation.ts';

/** A number among an expectation's parameters; undefined if it is absent or no number. */
export function findNumber(params: Params, name: string): number | undefined {
  const value = params[name];
  return typeof value === 'number' ? value : undefined;
}

export function findText(params: Params, name: string): string | undefined {
  const value = params[name];
  return typeof value === 'string' ? value : undefined;
}

/** A list of numbers; undefined if it is anything else. */
export function findNumbers(params: Params, name: string): readonly number[] | undefined {
  const value = params[name];
  return Array.isArray(value) && value.every((item) => typeof item === 'number') ? value : undefined;
}
