import { BrokerError } from '../broker-error.ts';
import type { Verb } from './verb.ts';

/**
 * Gathers as many frames as `order` is long, then lets them go in that order: `[2, 0, 1]` sends the third one first.
 * @throws BrokerError USAGE — when `order` is no permutation.
 */
export function reorder(order: readonly number[]): Verb {
  const sorted = order.toSorted((a, b) => a - b);
  if (order.length === 0 || sorted.some((value, index) => value !== index))
    throw new BrokerError('USAGE', `[${order.join(', ')}] is no permutation of 0 … n-1`, { subject: 'reorder' });
  return {
    name: 'reorder',
    keeps: true,
    act: (passage) => {
      passage.setAside();
      if (passage.asideCount() === order.length) passage.release(order);
    },
  };
}
