import { findInfo } from '../find-info.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** CONNECT carries keep_alive. [manual 3.3.2.2] */
export const keepAliveAsAsked = rule({
  id: 'WF-08',
  clause: 'M-5.keep-alive',
  says: 'the keep-alive of CONNECT is keep_alive',
  on: ['frame up CONNECT'],
  step(_, { event: { packet, n }, call }) {
    const info = findInfo(call);
    if (info === undefined || call?.params['after'] === 'poison') return undecided();
    const asked = info['keepAlive'] ?? 0;
    if (typeof asked !== 'number') return undecided();
    if (packet.keepAliveS === asked) return kept();
    return breach(`CONNECT with keep-alive ${packet.keepAliveS} s, asked for ${asked} s`, [call?.request?.n, n]);
  },
});
