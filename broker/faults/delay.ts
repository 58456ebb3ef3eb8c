import type { Verb } from './verb.ts';

/** The frame, and with it all that follows in its direction, comes later by `delayMs`. */
export function delay(delayMs: number): Verb {
  return {
    name: 'delay',
    keeps: true,
    act: (passage) => passage.later(delayMs, passage.stall()),
  };
}
