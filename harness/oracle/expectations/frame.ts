import type { EventOf } from '../../timeline/events.ts';
import type { Seen } from '../rule.ts';
import { breach, kept } from '../step.ts';
import { type ExpectationRule, type ExpectHappening, expectation } from './expectation.ts';
import { type FramePattern, matchesPattern, patternText } from './frame-pattern.ts';
import { findNumber } from './params.ts';

export interface FrameCount {
  /** Left out: 1, or 0 if there is a `max`. */
  readonly min?: number;
  readonly max?: number;
}

/**
 * So many frames of this pattern pass in the scenario's body.
 *
 * Frames count from the start of the attempt, wherever the expectation is written; those of the epilogue's own calls and
 * connections do not. A frame that a gate holds counts when it is let go.
 */
export function frame(pattern: FramePattern, count: FrameCount, clause: string): ExpectHappening {
  return { k: 'expect', predicate: 'frame', params: { ...pattern, ...count }, clause };
}

interface Counted {
  readonly seen: readonly number[];
  /** Number of the event that ends the body. */
  readonly bodyEnd: number;
}

export function frameRule(event: EventOf<'expect'>): ExpectationRule | undefined {
  const { params } = event;
  const max = findNumber(params, 'max') ?? Number.POSITIVE_INFINITY;
  const min = findNumber(params, 'min') ?? (params['max'] === undefined ? 1 : 0);
  return expectation<Counted, 'frame' | 'phase'>({
    on: ['frame', 'phase'],
    start: { seen: [], bodyEnd: Number.POSITIVE_INFINITY },
    step(state, seen) {
      if (seen.event.k === 'phase')
        return { state: seen.event.phase === 'epilogue' ? { ...state, bodyEnd: seen.event.n } : state };
      if (seen.event.held === true || !matchesPattern(params, seen.event, seen.connection?.slot)) return { state };
      if (!isOfBody(seen, state.bodyEnd)) return { state };
      const frames = [...state.seen, seen.event.n];
      if (frames.length > max)
        return breach(`${frames.length} ${patternText(params)}, expected at most ${max}`, frames);
      // Nothing that comes can undo it.
      if (frames.length >= min && max === Number.POSITIVE_INFINITY) return kept();
      return { state: { ...state, seen: frames } };
    },
    end({ seen }) {
      if (seen.length >= min) return kept();
      return breach(`${seen.length} ${patternText(params)}, expected at least ${min}`, [...seen, event.n]);
    },
  });
}

function isOfBody({ event, call, connection }: Seen, bodyEnd: number): boolean {
  const opened = connection?.opened.n ?? event.n;
  return opened < bodyEnd && (call?.request?.n ?? 0) < bodyEnd;
}
