import type { TimelineEvent } from '../../../timeline/events.ts';
import { type Family, type Mark, markOf } from './mark.ts';

/** A row of the chart. All rows are equally high; a silence has a row of its own. */
export type Row = EventRow | { readonly kind: 'silence'; readonly ms: number; readonly state: Activity };

export interface EventRow {
  readonly kind: 'event';
  readonly mark: Mark;
  readonly isCited: boolean;
  readonly state: Activity;
}

/** What goes on while a row happens: drawn as bars on the lanes. */
export interface Activity {
  /** Calls that have begun and not returned. */
  readonly calls: number;
  /** Callbacks that have been entered and not left. */
  readonly callbacks: number;
  /** Connections that are open. */
  readonly connections: number;
}

/** From here on a silence is worth a row. */
const SILENCE_MS = 150;

/**
 * The rows of a timeline in the order of time: what the module did is heard later than it happened, and may stand after what it caused.
 *
 * Cited events are shown whatever is hidden.
 */
export function rowsOf(
  events: readonly TimelineEvent[],
  cited: ReadonlySet<number>,
  shown: ReadonlySet<Family>,
): readonly Row[] {
  const rows: Row[] = [];
  let state: Activity = { calls: 0, callbacks: 0, connections: 0 };
  let lastMs: number | undefined;
  for (const event of events.toSorted((a, b) => a.at - b.at || a.n - b.n)) {
    const before = state;
    state = after(state, event);
    const isCited = cited.has(event.n);
    const mark = markOf(event);
    if (!isCited && !shown.has(mark.family)) continue;
    if (lastMs !== undefined && event.at - lastMs >= SILENCE_MS) {
      rows.push({ kind: 'silence', ms: event.at - lastMs, state: before });
    }
    lastMs = event.at;
    rows.push({ kind: 'event', mark, isCited, state: both(before, state) });
  }
  return rows;
}

function after({ calls, callbacks, connections }: Activity, { k }: TimelineEvent): Activity {
  return {
    calls: Math.max(0, calls + Number(k === 'call') - Number(k === 'ret')),
    callbacks: Math.max(0, callbacks + Number(k === 'enter') - Number(k === 'leave')),
    connections: Math.max(0, connections + Number(k === 'tcp-open') - Number(k === 'tcp-close')),
  };
}

function both(a: Activity, b: Activity): Activity {
  return {
    calls: Math.max(a.calls, b.calls),
    callbacks: Math.max(a.callbacks, b.callbacks),
    connections: Math.max(a.connections, b.connections),
  };
}
