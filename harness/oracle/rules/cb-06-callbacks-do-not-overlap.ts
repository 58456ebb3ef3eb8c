import type { EventOf } from '../../timeline/events.ts';
import { rule } from '../rule.ts';
import { breach, kept, UNCHANGED, undecided } from '../step.ts';

/** The callbacks that run, of all clients: a leave names its enter by sequence number, not the client. */
type Open = readonly EventOf<'enter'>[];

const NONE: Open = [];

/** Callbacks of one client come one after the other, on whatever tasks. */
export const callbacksDoNotOverlap = rule<Open, 'enter' | 'leave'>({
  id: 'CB-06',
  clause: 'M-4.no-nesting',
  says: 'callbacks of one client neither nest nor overlap',
  on: ['enter', 'leave'],
  step(open = NONE, { event }) {
    if (event.k === 'leave') {
      if (open.length === 1 && open[0]?.seq === event.enter) return kept(NONE);
      const others = open.filter(({ seq }) => seq !== event.enter);
      if (others.length === open.length) return UNCHANGED;
      return kept(others);
    }
    if (open.length === 0) return undecided([event]);
    const running = open.find(({ slot }) => slot === event.slot);
    if (running === undefined) return undecided([...open, event]);
    const where = running.task === event.task ? 'inside' : 'beside';
    return breach(`${event.cb} callback ${where} a ${running.cb} callback`, [running.n, event.n], [...open, event]);
  },
});
