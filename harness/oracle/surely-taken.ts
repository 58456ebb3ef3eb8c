import type { EventOf } from '../timeline/events.ts';

/** The smallest receive buffer that the later headers allow; what is longer may be more than a module takes (D-7). */
const SURELY_TAKEN_BYTES = 16_384;

/** Whether a packet to the module is short enough for the buffer of any. */
export function surelyTaken({ length }: EventOf<'frame'>): boolean {
  return length <= SURELY_TAKEN_BYTES;
}
