import type { CallRecord } from '../narration.ts';
import { rule, spare } from '../rule.ts';
import { breach, kept } from '../step.ts';
import { ORDINARY_RETURNS } from '../topic.ts';

/** What may be returned: done, under way, or refused for the parameter. Scarcity is another matter. */
const FINE: ReadonlySet<number> = new Set([0, -1, -2, -3, -4]);

/** The state in which nothing but the NULL can be the reason for a refusal. */
const READY: Readonly<Record<string, string>> = {
  connect: 'idle',
  publish: 'connected',
  sub_unsub: 'connected',
  disconnect: 'connected',
};

/** NULL for a callback is taken for "tell nobody", or refused as what it is. [D-12] */
export const nullCallbackIsTaken = rule({
  id: 'CB-16',
  clause: 'M-4.null-callback',
  says: 'a call with NULL for a callback is accepted, or refused as an invalid parameter',
  on: ['ret'],
  spared: spare(ORDINARY_RETURNS),
  key: ({ call }) => (call !== undefined && passesNull(call) && isReady(call) ? '' : undefined),
  step(_, { event: { fn, ret, n }, call }) {
    if (FINE.has(ret)) return kept();
    return breach(`${fn} without a callback returned ${ret}`, [call?.begin?.n, n]);
  },
});

function passesNull({ params }: CallRecord): boolean {
  return params['cb'] === false || params['exceptionCb'] === false;
}

function isReady({ fn, stateAtBegin, params }: CallRecord): boolean {
  if ((params['client'] ?? 'own') !== 'own') return false;
  return fn === 'set_inpub_callback' ? stateAtBegin !== 'no-handle' : stateAtBegin === READY[fn];
}
