import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

const WITH_CALLBACK: ReadonlySet<string> = new Set(['connect', 'publish', 'sub_unsub', 'disconnect']);
const WOUNDBLOCK = -2;

/** WOUNDBLOCK announces a callback, so that only functions with one return it. [manual 3.3.1.1] */
export const wouldblockHasCallback = rule({
  id: 'RC-05',
  clause: 'M-2.wouldblock-has-callback',
  says: 'WOUNDBLOCK is returned by connect, publish, sub_unsub and disconnect only',
  on: ['ret'],
  step(_, { event: { fn, ret, n } }) {
    if (ret !== WOUNDBLOCK) return undecided();
    return WITH_CALLBACK.has(fn) ? kept() : breach(`${fn} returned WOUNDBLOCK and has no callback`, [n]);
  },
});
