import type { PowerSwitch } from './power-settings.ts';
import { runTool } from './run-tool.ts';

/** `uhubctl` alone takes up to two seconds, and more where it has to try again. */
const COMMAND_MS = 15_000;

/** The longest that a power cycle may take, ms. */
export function powerCycleBudgetMs({ offMs }: PowerSwitch): number {
  return 2 * COMMAND_MS + offMs;
}

/** Switches the supply on; of no effect where it is on. @throws HarnessError CHILD_FAILED */
export async function powerOn(power: PowerSwitch): Promise<void> {
  await runTool(power.on, COMMAND_MS);
}

/** Takes the supply away for a while. It is given back whatever happens. @throws HarnessError CHILD_FAILED */
export async function cyclePower(power: PowerSwitch): Promise<void> {
  try {
    await runTool(power.off, COMMAND_MS);
    await new Promise((resolve) => setTimeout(resolve, power.offMs));
  } finally {
    await powerOn(power);
  }
}
