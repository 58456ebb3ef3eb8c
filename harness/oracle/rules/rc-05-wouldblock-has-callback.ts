import { WOUNDBLOCK } from '../../protocol/codes.ts';
import { rule, spare } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { ANSWERED_RETURNS, FINAL_RETURNS } from '../topic.ts';

const CLAUSE = 'M-2.wouldblock-has-callback';
const WITH_CALLBACK: ReadonlySet<string> = new Set(ANSWERED_RETURNS);

/** WOUNDBLOCK announces a callback, so that only functions with one return it. [manual 3.3.1.1] */
export const wouldblockHasCallback = rule({
  id: 'RC-05',
  clause: CLAUSE,
  says: 'WOUNDBLOCK is returned by connect, publish, sub_unsub and disconnect only',
  on: ['ret'],
  spared: [
    ...spare(
      ANSWERED_RETURNS.map((returned) => `${returned} pending` as const),
      CLAUSE,
    ),
    ...spare(FINAL_RETURNS),
  ],
  step(_, { event: { fn, ret, n } }) {
    if (ret !== WOUNDBLOCK) return undecided();
    return WITH_CALLBACK.has(`ret ${fn}`) ? kept() : breach(`${fn} returned WOUNDBLOCK and has no callback`, [n]);
  },
});
