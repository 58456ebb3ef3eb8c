import { isRefusal } from '../is-refusal.ts';
import { rule } from '../rule.ts';
import { UNCHANGED } from '../step.ts';

const NEW_HANDLE = 'M-1.handle';
const UNTOUCHED = 'M-1.handle-untouched';

interface Variable {
  readonly value: number;
  readonly isLive: boolean;
}

/** The client variables, by slot. */
type Variables = Readonly<Record<number, Variable>>;

/**
 * A successful init hands out a handle that no other client has; a failed one leaves the variable alone. [manual 3.3.1]
 *
 * One slice for all slots: what is new is so among all clients.
 */
export const handleWithSuccess = rule<Variables, 'ret'>({
  id: 'RC-02',
  clause: NEW_HANDLE,
  also: [UNTOUCHED],
  says: 'init hands out a new handle if it returns 0, and none otherwise',
  on: ['ret'],
  // Only the slot's own variable is told about with the return.
  key: ({ call }) => ((call?.params['client'] ?? 'own') === 'own' ? 0 : undefined),
  step(variables = {}, { event: { fn, ret, slot, handle, n } }) {
    if (handle === undefined) return UNCHANGED;
    const before = variables[slot];
    const after = { value: handle, isLive: isLive(fn, ret, before?.isLive ?? false) };
    if (fn !== 'init' && before?.value === after.value && before.isLive === after.isLive) return UNCHANGED;
    const state = { ...variables, [slot]: after };
    if (fn !== 'init') return { state };
    if (isRefusal(ret)) {
      const isWritten = before !== undefined && before.value !== handle;
      const message = `init returned ${ret} and changed the handle to ${handle}`;
      const findings = isWritten ? [{ message, events: [n], clause: UNTOUCHED }] : [];
      return { state, exercised: 1, clauses: [UNTOUCHED], findings };
    }
    const holder = Object.entries(variables).find(
      ([other, one]) => Number(other) !== slot && one.isLive && one.value === handle,
    );
    const message = `init handed out ${handle}, which the client of slot ${holder?.[0] ?? ''} has`;
    return { state, exercised: 1, findings: holder === undefined ? [] : [{ message, events: [n] }] };
  },
});

function isLive(fn: string, ret: number, wasLive: boolean): boolean {
  if (fn === 'init' && ret === 0) return true;
  return fn === 'deinit' && ret === 0 ? false : wasLive;
}
