import type { EventOf } from '../../timeline/events.ts';
import { rule } from '../rule.ts';
import { breach, STILL_KEPT, undecided } from '../step.ts';

/** All callbacks come from one task, which makes no calls of its own unless from inside one. */
export const oneCallbackTask = rule<EventOf<'enter'>, 'enter'>({
  id: 'CB-07',
  clause: 'M-4.one-task',
  says: 'all callbacks come from one task, other than the one that made the call',
  on: ['enter'],
  step(first, { event, call }) {
    const begin = call?.begin;
    if (begin !== undefined && begin.in === undefined && begin.task === event.task) {
      return breach(`${event.cb} callback on the task of its caller`, [begin.n, event.n], first ?? event);
    }
    if (first === undefined) return undecided(event);
    if (first.task === event.task) return STILL_KEPT;
    return breach(`callbacks on tasks ${first.task} and ${event.task}`, [first.n, event.n], first);
  },
});
