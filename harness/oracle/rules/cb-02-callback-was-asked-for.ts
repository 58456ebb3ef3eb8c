import { findCallbackKind } from '../callback-of.ts';
import { rule, spare } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { ANSWERS, ORDINARY_ANSWERS } from '../topic.ts';

/** A callback of a kind comes only for a call of that kind that has begun. [manual 3.3.2.1, 3.3.3.1, 3.3.5.1] */
export const callbackWasAskedFor = rule({
  id: 'CB-02',
  clause: 'M-10.request-callback',
  also: ['M-4.connect-callback', 'M-12.disconnect-callback'],
  says: 'no callback of a kind comes without a call of that kind with that arg',
  on: ANSWERS,
  spared: spare(ORDINARY_ANSWERS, 'M-10.request-callback'),
  step(_, { event, call }) {
    // An arg of no call at all is CB-03's.
    if (call === undefined) return undecided();
    if (call.begin === undefined) return breach(`${event.cb} callback before its ${call.fn} began`, [event.n]);
    if (findCallbackKind(call) === event.cb) return kept();
    return breach(`${event.cb} callback for a call of ${call.fn}`, [call.begin.n, event.n]);
  },
});
