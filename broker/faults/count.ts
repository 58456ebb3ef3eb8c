import type { Verb } from './verb.ts';

/** Lets everything pass and counts. */
export function count(): Verb {
  return { name: 'count', isPassive: true, act: () => undefined };
}
