import type { EventOf } from '../../timeline/events.ts';
import { countedCallbacks } from './counted-callbacks.ts';
import type { ExpectationRule, ExpectHappening } from './expectation.ts';
import { findNumber } from './params.ts';

/** The exception callback of that slot's client is called so often in the scenario's body. */
export function exception(slot: number, count: number, clause: string): ExpectHappening {
  return { k: 'expect', predicate: 'exception', params: { slot, count }, clause };
}

export function exceptionRule(event: EventOf<'expect'>): ExpectationRule | undefined {
  const slot = findNumber(event.params, 'slot');
  const count = findNumber(event.params, 'count') ?? 1;
  if (slot === undefined) return undefined;
  const isMeant = (callback: EventOf<'enter'>) => callback.cb === 'exception' && callback.slot === slot;
  return countedCallbacks(event, count, 'exception callbacks', isMeant);
}
