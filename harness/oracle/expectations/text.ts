import type { EventOf } from '../../timeline/events.ts';
import { breach, kept } from '../step.ts';
import { type ExpectationRule, type ExpectHappening, expectationOfCall } from './expectation.ts';
import { findNumber, findText } from './params.ts';

/** The call of this token returns this string: of the OneNET token. */
export function text(token: number, expected: string, clause: string): ExpectHappening {
  return { k: 'expect', predicate: 'text', params: { token, text: expected }, clause };
}

export function textRule(event: EventOf<'expect'>): ExpectationRule | undefined {
  const token = findNumber(event.params, 'token');
  const expected = findText(event.params, 'text');
  if (token === undefined || expected === undefined) return undefined;
  return expectationOfCall({
    token,
    on: ['ret'],
    start: {},
    step(state, { event: ret }) {
      if (ret.token !== token) return { state };
      if (ret.text === expected) return kept();
      return breach(`${ret.fn} returned ${JSON.stringify(ret.text ?? null)}, expected "${expected}"`, [ret.n]);
    },
    end: () => ({ troubles: [`call ${token} had not returned when the scenario ended`] }),
  });
}
