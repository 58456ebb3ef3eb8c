import type { EventOf } from '../../timeline/events.ts';
import { breach, kept } from '../step.ts';
import { type ExpectationRule, type ExpectHappening, expectationOfCall } from './expectation.ts';
import { findNumber } from './params.ts';

/** The call of this token is never called back. */
export function noCallback(token: number, clause: string): ExpectHappening {
  return { k: 'expect', predicate: 'no-callback', params: { token }, clause };
}

export function noCallbackRule(event: EventOf<'expect'>): ExpectationRule | undefined {
  const token = findNumber(event.params, 'token');
  if (token === undefined) return undefined;
  return expectationOfCall<{ readonly sinceMs: number }, 'ret' | 'enter'>({
    token,
    on: ['ret', 'enter'],
    start: { sinceMs: event.at },
    step(state, { event: happened, call }) {
      if (call?.token !== token) return { state };
      if (happened.k === 'ret') return { state: { sinceMs: happened.at } };
      return breach(`${happened.cb} callback of ${call.fn}, expected none`, [call.returned?.n, happened.n]);
    },
    end({ sinceMs }, { moduleUntilMs, deadlines }) {
      const waitedMs = Math.round(moduleUntilMs - sinceMs);
      if (waitedMs >= deadlines.quietMs) return kept();
      return { troubles: [`no callback in ${waitedMs} ms, but ${deadlines.quietMs} ms of silence would prove it`] };
    },
  });
}
