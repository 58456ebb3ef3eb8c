import type { FrameRef } from '../frame-matcher.ts';
import type { Verb } from './verb.ts';

/**
 * Writes exact bytes to the module when a frame of either direction matches.
 *
 * `before` and `after` let the frame pass; `instead` takes its place (of a frame from the module, the peer then never hears).
 */
export function inject(
  bytes: Buffer | ((frame: FrameRef) => Buffer),
  where: 'before' | 'after' | 'instead' = 'after',
): Verb {
  const made = (frame: FrameRef) => (typeof bytes === 'function' ? bytes(frame) : bytes);
  return {
    name: 'inject',
    keeps: where === 'instead',
    act: (passage) => {
      if (where === 'after') passage.pass();
      passage.toModule(made(passage.frame));
      if (where === 'before') passage.pass();
    },
  };
}
