import type { Verb } from './verb.ts';

/** Puts frames aside until `gate.release()`; frames that don't match go on. */
export function hold(): Verb {
  return { name: 'hold', keeps: true, act: (passage) => passage.setAside() };
}
