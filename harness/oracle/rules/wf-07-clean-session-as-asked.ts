import { findInfo } from '../find-info.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** clean_session 0 keeps the session, 1 does not. Other values are nobody's to judge. [manual 3.3.2.2] */
export const cleanSessionAsAsked = rule({
  id: 'WF-07',
  clause: 'M-5.clean-session',
  says: 'the clean session flag of CONNECT is clean_session',
  on: ['frame up CONNECT'],
  step(_, { event: { packet, n }, call }) {
    const asked = findInfo(call)?.['cleanSession'] ?? 1;
    const isKnown = findInfo(call) !== undefined && (asked === 0 || asked === 1);
    if (!isKnown) return undecided();
    if (packet.cleanSession === (asked === 1)) return kept();
    return breach(`CONNECT with clean session ${packet.cleanSession ? 1 : 0}, asked for ${asked}`, [
      call?.request?.n,
      n,
    ]);
  },
});
