import { rule, spare } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { ORDINARY_RETURNS } from '../topic.ts';

const LOWEST_CODE = -9;
const IS_CONNECTED = 'ret is_connected final ordinary';
const ORDINARY = ORDINARY_RETURNS.filter((topic) => topic !== IS_CONNECTED);

/** Every function answers with a value that the manual lists for it. [manual 3.3.1.1, 3.3.7] */
export const returnsListedCode = rule({
  id: 'RC-01',
  clause: 'M-2.listed-codes',
  also: ['M-14.values'],
  says: 'a function returns 0 or -1 to -9, ql_mqtt_client_is_connected 0 or 1',
  on: ['ret'],
  spared: [...spare(ORDINARY, 'M-2.listed-codes'), ...spare([IS_CONNECTED], 'M-14.values')],
  step(_, { event: { fn, ret, n } }) {
    // Its string was turned into 1 or 0 by the shim.
    if (fn === 'onenet_token') return undecided();
    if (fn === 'is_connected') {
      const clauses = ['M-14.values'];
      if (ret === 0 || ret === 1) return { exercised: 1, clauses };
      const message = `is_connected returned ${ret}, neither 0 nor 1`;
      return { exercised: 1, clauses, findings: [{ message, events: [n], clause: 'M-14.values' }] };
    }
    return ret <= 0 && ret >= LOWEST_CODE ? kept() : breach(`${fn} returned ${ret}, which no error code lists`, [n]);
  },
});
