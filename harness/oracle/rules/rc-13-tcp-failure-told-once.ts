import { resultOf } from '../callback-of.ts';
import type { CallRecord } from '../narration.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

interface Failed {
  readonly dueMs: number;
}

const TCP_CONNECT_FAIL = -5;
const TCP_CONNECTED_FAILURE = 254;

/** A TCP connection that can't be made is told by the return or by the callback, not by both. [manual 3.3.1.1, 3.3.2.4] */
export const tcpFailureToldOnce = rule<Failed, 'ret connect' | 'enter connect'>({
  id: 'RC-13',
  clause: 'M-2.tcp-connect-fail',
  says: 'a TCP failure is told by -5 or by status 254, never by both',
  on: ['ret connect', 'enter connect'],
  key: ({ call }) => (call?.fn === 'connect' ? call.token : undefined),
  step(failed, { event, call }, { deadlines }) {
    if (call === undefined) return undecided(failed);
    if (isToldTwice(call)) return breach('TCP failure told by the return and by a callback', proofOf(call));
    if (event.k === 'ret') {
      return event.ret === TCP_CONNECT_FAIL ? { state: { dueMs: event.at + deadlines.quietMs } } : undecided();
    }
    return resultOf(event) === TCP_CONNECTED_FAILURE ? kept() : undecided();
  },
  deadline: ({ dueMs }) => dueMs,
  expire: () => kept(),
});

function isToldTwice({ returned, callbacks }: CallRecord): boolean {
  return returned?.ret === TCP_CONNECT_FAIL && callbacks.some(({ cb }) => cb === 'connect');
}

function proofOf({ returned, callbacks }: CallRecord): readonly (number | undefined)[] {
  return [returned?.n, ...callbacks.map(({ n }) => n)].toSorted((a, b) => (a ?? 0) - (b ?? 0));
}
