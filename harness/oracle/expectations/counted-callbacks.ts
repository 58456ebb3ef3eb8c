import type { EventOf } from '../../timeline/events.ts';
import { breach, kept } from '../step.ts';
import { type ExpectationRule, expectation } from './expectation.ts';

interface Counted {
  readonly entered: readonly number[];
  /** When the scenario's body ended, ms; what the module did before may be heard after. */
  readonly bodyEndMs: number;
}

/** The rule that so many callbacks that are meant were entered in the scenario's body. */
export function countedCallbacks(
  event: EventOf<'expect'>,
  count: number,
  what: string,
  isMeant: (callback: EventOf<'enter'>) => boolean,
): ExpectationRule {
  return expectation<Counted, 'enter' | 'phase'>({
    on: ['enter', 'phase'],
    start: { entered: [], bodyEndMs: Number.POSITIVE_INFINITY },
    step(state, { event: happened }, { epsilonMs }) {
      if (happened.k === 'phase') {
        return { state: happened.phase === 'epilogue' ? { ...state, bodyEndMs: happened.at } : state };
      }
      if (!isMeant(happened) || happened.at > state.bodyEndMs + epsilonMs) return { state };
      return { state: { ...state, entered: [...state.entered, happened.n] } };
    },
    end({ entered }) {
      if (entered.length === count) return kept();
      return breach(`${entered.length} ${what}, expected ${count}`, [...entered, event.n]);
    },
  });
}
