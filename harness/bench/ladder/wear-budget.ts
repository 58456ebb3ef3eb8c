import { HarnessError } from '../../errors.ts';
import { HOUR_MS, type Wear, type WearLog } from './wear-log.ts';

/** How often a module may be started again, and attached to the network, within an hour. */
export interface WearBudget {
  readonly resetsAnHour: number;
  readonly attachesAnHour: number;
}

/** Vendors advise against more than some thirty a day: flash wears, and networks block modules that attach too often. */
export const DEFAULT_BUDGET: WearBudget = { resetsAnHour: 10, attachesAnHour: 30 };

/**
 * Refuses what would go beyond the budget. Each start is an attach as well.
 *
 * @param budget null for a module that does not wear
 * @throws HarnessError WEAR_BUDGET_SPENT — the message says when the next one may be
 */
export function spendWear(log: WearLog, budget: WearBudget | null, what: 'reset' | 'attach'): void {
  if (budget === null) return;
  const attaches = log.read();
  const resets = attaches.filter(({ by }) => by !== 'data-call');
  if (what === 'reset') refuseBeyond(resets, budget.resetsAnHour, 'reset', 'resetsAnHour');
  refuseBeyond(attaches, budget.attachesAnHour, 'attached', 'attachesAnHour');
}

function refuseBeyond(wears: readonly Wear[], limit: number, done: string, name: keyof WearBudget): void {
  if (wears.length < limit) return;
  // Room is made by the one that leaves the hour when one less than the limit is left.
  const leaving = wears[wears.length - Math.max(1, limit)];
  const nextAt = new Date((leaving?.atMs ?? 0) + HOUR_MS).toISOString();
  const message = `the module was ${done} ${wears.length} times within an hour, and its budget is ${limit} (budgets.${name} of bench.yaml): the next may be at ${nextAt}`;
  throw new HarnessError('WEAR_BUDGET_SPENT', message, { budget: name, limit });
}
