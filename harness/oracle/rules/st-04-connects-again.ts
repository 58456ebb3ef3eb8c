import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { TURNS, type Turn } from '../topic.ts';

/** Number of the event that ended the slot's session or attempt. */
type Ended = number;

const BAD_REQUEST = -8;
const NOT_CONNECT = -6;

/** A client is good for more than one session. [manual 2] */
export const connectsAgain = rule<Ended, 'ret init' | 'ret connect' | 'ret deinit' | Turn>({
  id: 'ST-04',
  clause: 'M-17.reconnect',
  says: 'after an exception, a disconnect or a refused connect the same client can connect again',
  on: ['ret init', 'ret connect', 'ret deinit', ...TURNS],
  key: ({ slot }) => slot?.slot,
  step(ended, { event, call, slot }) {
    if (event.k === 'enter') return undecided(slot?.state === 'idle' ? event.n : ended);
    if (event.fn !== 'connect') return undecided();
    const isRetry = ended !== undefined && call?.stateAtBegin === 'idle';
    // Inside the very callback that tells the end, the module may not be done with it.
    if (!isRetry || call?.begin?.in !== undefined) return undecided(ended);
    if (event.ret === 0 || event.ret === -2) return kept();
    const isRefused = event.ret === BAD_REQUEST || event.ret === NOT_CONNECT;
    return isRefused
      ? breach(`connect after the end of a session returned ${event.ret}`, [ended, event.n])
      : undecided(ended);
  },
});
