import type { EventOf } from '../../timeline/events.ts';
import { breach, kept } from '../step.ts';
import { type ExpectationRule, type ExpectHappening, expectation } from './expectation.ts';
import { findText } from './params.ts';

/** A TLS handshake fails on the server's side too (at that listener, else at any) in the scenario's body. */
export function tlsFailed(clause: string, listener?: string): ExpectHappening {
  return { k: 'expect', predicate: 'tls-failed', params: listener === undefined ? {} : { listener }, clause };
}

export function tlsFailedRule(event: EventOf<'expect'>): ExpectationRule | undefined {
  const listener = findText(event.params, 'listener');
  const missing = () => breach<object>('no TLS handshake failed at the server', [event.n]);
  return expectation<object, 'tls-failed' | 'phase'>({
    on: ['tls-failed', 'phase'],
    start: {},
    step(state, { event: happened, connection }) {
      if (happened.k === 'phase') return happened.phase === 'body' ? { state } : missing();
      return listener === undefined || connection?.listener === listener ? kept() : { state };
    },
    end: missing,
  });
}
