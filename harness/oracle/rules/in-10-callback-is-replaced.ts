import { rule, spare } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { ORDINARY_MESSAGES } from '../topic.ts';

/** The newest incoming callback is the one that is used. [manual 3.3.6] */
export const callbackIsReplaced = rule({
  id: 'IN-10',
  clause: 'M-13.replaced',
  says: 'once set_inpub_callback has returned, the callback and arg of before are not used',
  on: ['enter inpub'],
  spared: spare(ORDINARY_MESSAGES, 'M-13.replaced'),
  step(_, { event, call, slot }) {
    if (call?.fn !== 'set_inpub_callback' || slot?.inpub === undefined) return undecided();
    if (call.generation !== slot.generation) return undecided();
    if (slot.inpub.token === call.token) return kept();
    // The call that sets the new one may still be running.
    if (call.returned === undefined) return undecided();
    return breach('incoming callback with the arg of a callback that was replaced', [slot.inpub.returned?.n, event.n]);
  },
});
