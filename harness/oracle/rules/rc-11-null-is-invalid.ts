import type { CallRecord } from '../narration.ts';
import { rule, type Step, spare } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { ORDINARY_RETURNS } from '../topic.ts';

const INVALID_PARAM = -1;
const NOT_CONNECT = -6;
const TOKEN_NULL = 'M-16.null-on-failure';
/** The pointers that a call can't do without, beside the client. */
const MANDATORY: Readonly<Record<string, readonly string[]>> = {
  connect: ['host', 'info'],
  publish: ['topic'],
  sub_unsub: ['topic'],
};
const TOKEN_PARTS = ['productId', 'deviceName', 'version', 'accessKey'];

/** A pointer that must be given and is NULL is an invalid parameter. [manual 3.3.1.1, code -1; 3.3.9] */
export const nullIsInvalid = rule({
  id: 'RC-11',
  clause: 'M-2.invalid-param',
  also: [TOKEN_NULL],
  says: 'a mandatory pointer that is NULL is refused with -1',
  on: ['ret'],
  spared: spare(ORDINARY_RETURNS),
  step(_, { event, call }) {
    return call === undefined ? undecided() : judge(call, event.ret, event.n);
  },
});

function judge(call: CallRecord, ret: number, n: number): Step<undefined> {
  const { fn, params } = call;
  if (fn === 'onenet_token') return judgeToken(params, ret, n);
  // It has no error code: a client that there is not is not connected.
  if (fn === 'is_connected') return undecided();
  const missing = params['client'] === 'null' ? 'client' : MANDATORY[fn]?.find((name) => params[name] === null);
  if (missing === undefined) return undecided();
  if (ret === INVALID_PARAM) return kept();
  // Which of two faults is told first is the module's choice.
  const isTwice = missing !== 'client' && call.stateAtBegin !== 'connected' && ret === NOT_CONNECT;
  return isTwice ? undecided() : breach(`${fn} with NULL for ${missing} returned ${ret}`, [call.begin?.n, n]);
}

function judgeToken(params: CallRecord['params'], ret: number, n: number): Step<undefined> {
  const missing = TOKEN_PARTS.find((name) => params[name] === null);
  if (missing === undefined) return undecided();
  const message = `onenet_token with NULL for ${missing} returned a string`;
  const findings = ret === 0 ? [] : [{ message, events: [n], clause: TOKEN_NULL }];
  return { exercised: 1, clauses: [TOKEN_NULL], findings };
}
