import type { RungNote } from './rung-note.ts';
import type { WearBudget } from './wear-budget.ts';

export interface LadderFailureData {
  /** Nothing revives the module: no rung of the ladder did. */
  MODULE_WEDGED: { readonly port: string; readonly rungs: readonly RungNote[] };
  /** The module was reset or attached as often as it may be within an hour. */
  WEAR_BUDGET_SPENT: { readonly budget: keyof WearBudget; readonly limit: number };
}

declare module '../../errors.ts' {
  interface FailureData extends LadderFailureData {}
}
