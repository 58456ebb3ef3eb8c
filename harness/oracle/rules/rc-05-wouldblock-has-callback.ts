import { rule } from '../rule.ts';
import { breach } from '../step.ts';
import { ANSWERED_RETURNS } from '../topic.ts';

const CLAUSE = 'M-2.wouldblock-has-callback';

/** WOUNDBLOCK announces a callback, so that only functions with one return it. [manual 3.3.1.1] */
export const wouldblockHasCallback = rule({
  id: 'RC-05',
  clause: CLAUSE,
  says: 'WOUNDBLOCK is returned by connect, publish, sub_unsub and disconnect only',
  on: [
    'ret init pending',
    'ret set_inpub_callback pending',
    'ret is_connected pending',
    'ret deinit pending',
    'ret onenet_token pending',
  ],
  counts: ANSWERED_RETURNS.map((returned) => ({ topic: `${returned} pending`, clauses: [CLAUSE] })),
  step: (_, { event: { fn, n } }) => breach(`${fn} returned WOUNDBLOCK and has no callback`, [n]),
});
