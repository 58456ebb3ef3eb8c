import type { Step } from './rule.ts';

/** Most steps close a slice or find none open: one object serves them all. */
export const KEPT: Step<never> = Object.freeze({ state: undefined, exercised: 1 });
/** The slice stays as it is. */
export const UNCHANGED: Step<never> = Object.freeze({ state: undefined });
/** The slice stays as it is, and what must hold did. */
export const STILL_KEPT: Step<never> = Object.freeze({ state: undefined, exercised: 1 });
export const UNDECIDED: Step<never> = Object.freeze({ state: undefined });

/** The premise was met and what must hold did. Closes the slice unless a state is given. */
export function kept<S>(state?: S): Step<S> {
  return state === undefined ? KEPT : { state, exercised: 1 };
}

/** The premise was met and what must hold did not; `events` prove it, absent ones are left out. */
export function breach<S>(message: string, events: readonly (number | undefined)[], state?: S): Step<S> {
  return { state, exercised: 1, findings: [{ message, events: events.filter((n) => n !== undefined) }] };
}

/** This event decides nothing; a slice that is open stays as it was. */
export function undecided<S>(state?: S): Step<S> {
  return state === undefined ? UNDECIDED : { state };
}
