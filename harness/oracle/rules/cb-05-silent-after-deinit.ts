import type { SlotRecord } from '../narration.ts';
import { rule, spare } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { ORDINARY_ANSWERS, ORDINARY_MESSAGES } from '../topic.ts';

/** Once `ql_mqtt_client_deinit` has returned 0, its client is never heard of again. [manual 3.3.8: it releases the resources] */
export const silentAfterDeinit = rule({
  id: 'CB-05',
  clause: 'M-15.no-callback-after-deinit',
  says: 'no callback is entered for a client whose deinit has returned 0',
  on: ['ret deinit', 'enter'],
  spared: spare([...ORDINARY_ANSWERS, ...ORDINARY_MESSAGES]),
  step(_, { event, call, slot }) {
    if (event.k === 'ret') return event.ret === 0 ? kept() : undecided();
    if (slot === undefined || !isGone(slot, call?.generation ?? slot.generation)) return undecided();
    return breach(`${event.cb} callback of a client that was deinitialised`, [call?.begin?.n, event.n]);
  },
});

function isGone(slot: SlotRecord, generation: number): boolean {
  if (generation < slot.generation) return true;
  // A slot that was never initialised in this timeline may hold a client of an earlier one.
  return slot.state === 'no-handle' && slot.generation > 0;
}
