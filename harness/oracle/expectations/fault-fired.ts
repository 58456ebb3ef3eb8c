import type { EventOf } from '../../timeline/events.ts';
import { kept } from '../step.ts';
import { type ExpectationRule, type ExpectHappening, expectation } from './expectation.ts';
import { findText } from './params.ts';

/** The fault or gate of that name fires. If it does not, the scenario is inconclusive: the module did nothing wrong. */
export function faultFired(name: string, clause: string): ExpectHappening {
  return { k: 'expect', predicate: 'fault-fired', params: { name }, clause };
}

export function faultFiredRule(event: EventOf<'expect'>): ExpectationRule | undefined {
  const name = findText(event.params, 'name');
  if (name === undefined) return undefined;
  return expectation<object, 'fault' | 'gate'>({
    on: ['fault', 'gate'],
    start: {},
    step(state, { event: happened }) {
      const fired = happened.k === 'fault' ? happened.fault : happened.gate;
      return fired === name && happened.act === 'fired' ? kept() : { state };
    },
    end: () => ({ troubles: [`${name} did not fire`] }),
  });
}
