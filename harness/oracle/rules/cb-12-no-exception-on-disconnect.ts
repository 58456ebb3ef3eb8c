import type { CallRecord } from '../narration.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** A session that the application ends is not broken off. [manual 3.3.2.3] */
export const noExceptionOnDisconnect = rule<CallRecord, 'ret disconnect' | 'enter disconnect' | 'enter exception'>({
  id: 'CB-12',
  clause: 'M-6.only-abnormal',
  says: 'no exception callback comes between an accepted disconnect and its callback',
  on: ['ret disconnect', 'enter disconnect', 'enter exception'],
  key: ({ slot }) => slot?.slot,
  step(ending, { event, call, slot }) {
    if (event.k === 'ret') {
      const isBegun = event.ret === -2 && slot?.state === 'disconnecting';
      return undecided(isBegun ? call : ending);
    }
    if (ending === undefined) return undecided();
    if (event.cb === 'disconnect') return kept();
    const connection = slot?.connect?.connection;
    // A connection that is lost at that moment may be told either way.
    if (connection?.isDisturbed === true || connection?.closed?.by === 'broker') return undecided();
    return breach('exception callback while the application disconnects', [ending.returned?.n, event.n]);
  },
});
