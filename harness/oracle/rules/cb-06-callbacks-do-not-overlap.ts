import type { EventOf } from '../../timeline/events.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** Callbacks of one client come one after the other. */
export const callbacksDoNotOverlap = rule<EventOf<'enter'>, 'enter' | 'leave'>({
  id: 'CB-06',
  clause: 'M-4.no-nesting',
  says: 'callbacks of one client neither nest nor overlap',
  on: ['enter', 'leave'],
  // A leave names its enter by sequence number, not the client: all clients share the one task that CB-07 expects.
  key: ({ event }) => String(event.task),
  step(open, { event }) {
    if (event.k === 'leave') return event.enter === open?.seq ? kept() : undecided(open);
    if (open === undefined || open.slot !== event.slot) return undecided(event);
    return breach(`${event.cb} callback inside a ${open.cb} callback`, [open.n, event.n], event);
  },
});
