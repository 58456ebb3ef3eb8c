import type { Direction } from '../events.ts';
import type { ByteFault } from './byte-fault.ts';

/** Lets the first `limitBytes` of a direction through and swallows the rest: a stall in the middle of whatever it is. */
export function swallow(limitBytes: number, { dir }: { dir?: Direction } = {}): ByteFault {
  return {
    name: `swallow after ${limitBytes} bytes`,
    ...(dir !== undefined && { dir }),
    start: () => (bytes, offset) => {
      const left = Math.max(0, limitBytes - offset);
      return left === 0 ? [] : [{ bytes: bytes.subarray(0, left), afterMs: 0 }];
    },
  };
}
