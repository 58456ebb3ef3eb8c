import type { EventOf } from '../../timeline/events.ts';
import { countedCallbacks } from './counted-callbacks.ts';
import type { ExpectationRule, ExpectHappening } from './expectation.ts';
import { findNumber, findText } from './params.ts';

export interface IncomingExpected {
  readonly slot: number;
  /** Left out: of any topic. */
  readonly topic?: string;
  readonly count: number;
}

/** The incoming callback brings so many messages in the scenario's body. */
export function incoming(expected: IncomingExpected, clause: string): ExpectHappening {
  return { k: 'expect', predicate: 'incoming', params: { ...expected }, clause };
}

export function incomingRule(event: EventOf<'expect'>): ExpectationRule | undefined {
  const slot = findNumber(event.params, 'slot');
  const count = findNumber(event.params, 'count');
  const topic = findText(event.params, 'topic');
  if (slot === undefined || count === undefined) return undefined;
  return countedCallbacks(event, count, 'incoming messages', (callback) => {
    if (callback.cb !== 'inpub' || callback.slot !== slot) return false;
    return topic === undefined || callback.topic?.text === topic;
  });
}
