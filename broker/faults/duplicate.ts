import type { Verb } from './verb.ts';

/** The frame comes `copies` times more, byte by byte the same. */
export function duplicate(copies = 1): Verb {
  return {
    name: 'duplicate',
    act: (passage) => {
      passage.pass();
      for (let i = 0; i < copies; i += 1) passage.passAs(passage.frame.bytes);
    },
  };
}
