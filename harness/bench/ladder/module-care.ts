import type { ModulePlace } from '../module-place.ts';
import type { PowerSwitch } from '../power/power-settings.ts';
import type { WearBudget } from './wear-budget.ts';

/** What it takes to keep a module alive, as plans carry it. */
export interface ModuleCare {
  /** As it was named: a path of a TTY, or `tcp:host:port`. */
  readonly port: string;
  /** Null off USB. */
  readonly place: ModulePlace | null;
  /** Where there is no place to find it by; null if there is none. */
  readonly atPort: string | null;
  /** For the data call after a start; may be empty. */
  readonly apn: string;
  /** From a reset to the shim's first answer, at most. */
  readonly bootMs: number;
  readonly power: PowerSwitch | null;
  /** Null for a module that does not wear. */
  readonly budget: WearBudget | null;
  /** Path of the `WearLog`; null with a module that does not wear. */
  readonly wearLog: string | null;
}
