import { systemClock } from '../clock.ts';
import { ModuleSession } from '../module/session.ts';
import { type ModulePlace, transportAt } from './module-place.ts';

/** All of it together: whoever pressed Ctrl-C waits for this. */
const BUDGET_MS = 2_500;
/** The data call's profile, as the shim starts it. */
export const DATA_CALL_PROFILE = 1;

/**
 * Leaves a module as a run found it: clients down, data call down, session closed. Over a link of its own, since whoever drove it before is gone.
 *
 * @throws HarnessError — it does not answer, or takes too long; what was done until then stays done
 */
export async function parkModule(port: string, place: ModulePlace | null = null): Promise<void> {
  const endMs = systemClock.nowMs() + BUDGET_MS;
  const leftMs = () => Math.max(1, endMs - systemClock.nowMs());
  await using session = await ModuleSession.open({
    transport: transportAt(port, place),
    timing: { openMs: BUDGET_MS },
  });
  await takeClientsDown(session, leftMs());
  await session.request('network.down', { profile: DATA_CALL_PROFILE }, leftMs());
}

/** Releases the clients that are up. @throws HarnessError — the module does not answer, or a call does not return in time */
export async function takeClientsDown(session: ModuleSession, budgetMs: number): Promise<void> {
  const { slots } = await session.request('slots', {}, budgetMs);
  const open = slots.flatMap((state, slot) => (state === 'open' ? [slot] : []));
  await Promise.all(
    open.map(async (slot) => {
      const call = await session.call('mqtt.deinit', { slot });
      await call.returned(budgetMs);
    }),
  );
}
