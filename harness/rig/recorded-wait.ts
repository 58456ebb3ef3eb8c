import { systemClock } from '../clock.ts';
import type { HostHappening } from '../timeline/events.ts';

/** Runs a wait that bounds itself by `budgetMs`, and records what it took and whether what it waited for came. */
export async function recordedWait<T>(
  append: (happening: HostHappening) => void,
  reason: string,
  budgetMs: number,
  start: (budgetMs: number) => Promise<T>,
): Promise<T> {
  const startedMs = systemClock.nowMs();
  const record = (ok: boolean) => {
    append({ k: 'wait', reason, budgetMs, takenMs: Math.round((systemClock.nowMs() - startedMs) * 1000) / 1000, ok });
  };
  try {
    const result = await start(budgetMs);
    record(true);
    return result;
  } catch (thrown) {
    record(false);
    throw thrown;
  }
}
