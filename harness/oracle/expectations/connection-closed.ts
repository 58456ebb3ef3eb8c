import type { EventOf } from '../../timeline/events.ts';
import { breach, kept } from '../step.ts';
import { type ExpectationRule, type ExpectHappening, expectation } from './expectation.ts';
import { findNumber, findText } from './params.ts';

export interface ClosedConnection {
  readonly conn?: number;
  readonly slot?: number;
  /** Who ended it first. */
  readonly by?: 'module' | 'broker';
}

/** A connection (that one, or the newest of that slot) is closed before the scenario's body ends. */
export function connectionClosed(which: ClosedConnection, clause: string): ExpectHappening {
  return { k: 'expect', predicate: 'connection-closed', params: { ...which }, clause };
}

interface Watched {
  readonly opened: number | undefined;
  readonly closed: EventOf<'tcp-close'> | undefined;
}

export function connectionClosedRule(event: EventOf<'expect'>): ExpectationRule | undefined {
  const conn = findNumber(event.params, 'conn');
  const slot = findNumber(event.params, 'slot');
  const by = findText(event.params, 'by');
  const decide = ({ opened, closed }: Watched) => {
    if (closed === undefined)
      return breach<Watched>('the connection was still open when the scenario ended', [opened, event.n]);
    if (by === undefined || closed.by === by) return kept<Watched>();
    return breach<Watched>(`the connection was closed by the ${closed.by}, expected by the ${by}`, [opened, closed.n]);
  };
  return expectation<Watched, 'tcp-open' | 'tcp-close' | 'phase'>({
    on: ['tcp-open', 'tcp-close', 'phase'],
    start: { opened: undefined, closed: undefined },
    step(state, { event: happened, connection }) {
      if (happened.k === 'phase') return happened.phase === 'body' ? { state } : decide(state);
      if (conn !== undefined && happened.conn !== conn) return { state };
      if (slot !== undefined && connection?.slot !== slot) return { state };
      if (happened.k === 'tcp-open') return { state: { opened: happened.n, closed: undefined } };
      return { state: { ...state, closed: happened } };
    },
    end: decide,
  });
}
