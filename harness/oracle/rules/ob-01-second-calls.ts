import type { CallRecord } from '../narration.ts';
import { rule } from '../rule.ts';
import { undecided } from '../step.ts';

/** What a call comes second to, by function and the state that it finds. */
const SECOND: Readonly<Record<string, readonly string[]>> = {
  init: ['idle', 'connecting', 'connected', 'disconnecting'],
  connect: ['connecting', 'connected', 'disconnecting'],
  disconnect: ['disconnecting'],
  deinit: ['no-handle'],
};

/** What a second init, connect, disconnect or deinit returns is nobody's word: it is noted. [D-17] */
export const secondCalls = rule({
  id: 'OB-01',
  clause: 'D-17',
  says: 'what a second init, connect, disconnect or deinit returns is recorded',
  on: ['ret init', 'ret connect', 'ret disconnect', 'ret deinit'],
  step(_, { event: { fn, ret }, call, before }) {
    if (call === undefined || !isSecond(call) || call.stateAtBegin !== before) return undecided();
    const name = `${fn} on a client that is ${call.stateAtBegin ?? 'unknown'}`;
    return { exercised: 1, observations: [{ clause: 'D-17', name, value: ret }] };
  },
});

function isSecond({ fn, stateAtBegin, generation, params }: CallRecord): boolean {
  const isOwn = params['client'] === undefined || params['client'] === 'own';
  return isOwn && generation > 0 && stateAtBegin !== undefined && SECOND[fn]?.includes(stateAtBegin) === true;
}
