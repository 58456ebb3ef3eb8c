import * as v from 'valibot';

/** State of a client slot (docs/protocol.md §3); `wedged` has a call running for over 60 s. */
export const slotState = v.picklist(['free', 'open', 'busy', 'wedged']);
export type SlotState = v.InferOutput<typeof slotState>;
