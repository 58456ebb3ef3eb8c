import type { Verb } from './verb.ts';

/** The frame never arrives. */
export function drop(): Verb {
  return { name: 'drop', keeps: true, act: () => undefined };
}
