import { ERROR_CODES } from '../../harness/protocol/codes.ts';
import type { Client, ReturnedCall } from '../../harness/rig/client.ts';
import type { Rig } from '../../harness/rig/rig.ts';

/** At the end there is less room than this. */
export const SMALLEST_BYTES = 2_500;
/** Asked for one after the other: together what the shim keeps the strings of, and the smaller ones for where the larger have no room. */
const WAVE_BYTES = [39_000, 39_000, 39_000, 20_000, 10_000, 5_000, SMALLEST_BYTES] as const;
/** More than the kernels on both sides and a module keep together. */
const MOST_PUBLISHES = 1_000;

interface Filled {
  /** How many publishes were taken. */
  readonly taken: number;
  /** What one returned that there was no room for, while nothing was in flight; undefined if there is room without end. */
  readonly refusal: number | undefined;
}

/** Publishes at QoS 0 to a server that has stopped reading, until nothing more is taken. */
export async function fillSendBuffer(rig: Rig, client: Client): Promise<Filled> {
  let taken = 0;
  while (taken < MOST_PUBLISHES) {
    const wave: ReturnedCall[] = [];
    for (const length of WAVE_BYTES) wave.push(await client.publish({ topic: rig.topic('out'), payload: { length } }));
    const open = wave.filter(({ ret }) => ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK);
    if (open.length === 0) return { taken, refusal: wave.at(-1)?.ret };
    taken += open.length;
    // The others may have been too many at once: those that were taken end, if only by their time-out.
    for (const publish of open) await publish.callback();
  }
  return { taken, refusal: undefined };
}
