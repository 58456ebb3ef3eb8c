import type { EventOf } from '../../timeline/events.ts';
import { breach, kept } from '../step.ts';
import { type ExpectationRule, type ExpectHappening, expectation } from './expectation.ts';
import { findText } from './params.ts';

/** Nothing connects (to that listener, else to any) in the scenario's body. */
export function noConnection(clause: string, listener?: string): ExpectHappening {
  return { k: 'expect', predicate: 'no-connection', params: listener === undefined ? {} : { listener }, clause };
}

export function noConnectionRule(event: EventOf<'expect'>): ExpectationRule | undefined {
  const listener = findText(event.params, 'listener');
  return expectation<object, 'tcp-open' | 'phase'>({
    on: ['tcp-open', 'phase'],
    start: {},
    step(state, { event: happened }) {
      if (happened.k === 'phase') return happened.phase === 'body' ? { state } : kept();
      if (listener !== undefined && happened.listener !== listener) return { state };
      return breach('a connection was opened, expected none', [happened.n]);
    },
    end: () => kept(),
  });
}
