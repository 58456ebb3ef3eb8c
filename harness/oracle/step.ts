import type { Step } from './rule.ts';

/** The premise was met and what must hold did. Closes the slice unless a state is given. */
export function kept<S>(state?: S): Step<S> {
  return { state, exercised: 1 };
}

/** The premise was met and what must hold did not; `events` prove it, absent ones are left out. */
export function breach<S>(message: string, events: readonly (number | undefined)[], state?: S): Step<S> {
  return { state, exercised: 1, findings: [{ message, events: events.filter((n) => n !== undefined) }] };
}

/** This event decides nothing; a slice that is open stays as it was. */
export function undecided<S>(state?: S): Step<S> {
  return { state };
}
