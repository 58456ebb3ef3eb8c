import { isRefusal } from '../is-refusal.ts';
import type { CallRecord } from '../narration.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

const WITHOUT_CLIENT: ReadonlySet<string> = new Set(['init', 'onenet_token']);

/** A handle that was released, or that was never given out, is refused. [manual 3.3.8] */
export const staleHandleIsRefused = rule({
  id: 'RC-12',
  clause: 'M-15.stale-handle',
  says: 'a call on a handle that was released or never given out returns an error',
  on: ['ret'],
  key: ({ call }) => (call !== undefined && isOnStaleHandle(call) ? '' : undefined),
  step(_, { event: { fn, ret, n }, call }) {
    const isFine = fn === 'is_connected' ? ret === 0 : isRefusal(ret);
    // RC-01 speaks of a value that is neither.
    if (fn === 'is_connected' && ret !== 0 && ret !== 1) return undecided();
    return isFine ? kept() : breach(`${fn} on a stale handle returned ${ret}`, [call?.begin?.n, n]);
  },
});

function isOnStaleHandle({ fn, params, slot, stateAtBegin, generation }: CallRecord): boolean {
  if (WITHOUT_CLIENT.has(fn) || params['client'] === 'null') return false;
  if (slot < 0) return typeof params['client'] === 'object';
  return stateAtBegin === 'no-handle' && generation > 0;
}
