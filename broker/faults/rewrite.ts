import type { FrameRef } from '../frame-matcher.ts';
import type { Verb } from './verb.ts';

/** Other bytes come in place of the frame. */
export function rewrite(replace: (frame: FrameRef) => Buffer): Verb {
  return { name: 'rewrite', keeps: true, act: (passage) => passage.passAs(replace(passage.frame)) };
}
