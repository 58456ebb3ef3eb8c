import type { EventOf } from '../../timeline/events.ts';
import { breach, kept, UNCHANGED } from '../step.ts';
import { type ExpectationRule, type ExpectHappening, expectationOfCall } from './expectation.ts';
import { findNumber, findNumbers } from './params.ts';

/** The call of this token returns one of these values. */
export function returns(token: number, values: readonly number[], clause: string): ExpectHappening {
  return { k: 'expect', predicate: 'returns', params: { token, in: values }, clause };
}

export function returnsRule(event: EventOf<'expect'>): ExpectationRule | undefined {
  const token = findNumber(event.params, 'token');
  const values = findNumbers(event.params, 'in');
  if (token === undefined || values === undefined) return undefined;
  return expectationOfCall({
    token,
    on: ['ret'],
    start: true,
    step(_, { event: ret }) {
      if (ret.token !== token) return UNCHANGED;
      if (values.includes(ret.ret)) return kept();
      return breach(`${ret.fn} returned ${ret.ret}, expected ${values.join(' or ')}`, [ret.n]);
    },
    end: () => ({ troubles: [`call ${token} had not returned when the scenario ended`] }),
  });
}
