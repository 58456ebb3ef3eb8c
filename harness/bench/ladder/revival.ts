import { systemClock } from '../../clock.ts';
import { asError, HarnessError } from '../../errors.ts';
import { ModuleProxy } from '../../module/module-proxy.ts';
import { ModuleSession } from '../../module/session.ts';
import { transportAt } from '../module-place.ts';
import { DATA_CALL_PROFILE } from '../park-module.ts';
import type { BootExplainer } from './boot-explainer.ts';
import type { Climb } from './climb-ladder.ts';
import { LADDER_TIMING, type LadderTiming } from './ladder-timing.ts';
import type { ModuleCare } from './module-care.ts';
import { spendWear } from './wear-budget.ts';
import { WearLog } from './wear-log.ts';

const PAUSE_MS = 100;

/** Opens a session whose starts are told from crashes. @throws HarnessError — see `ModuleSession.open` */
export function openSession(
  care: ModuleCare,
  explainer: BootExplainer,
  openMs = LADDER_TIMING.openMs,
): Promise<ModuleSession> {
  return ModuleSession.open({
    transport: transportAt(care.port, care.place),
    explainBoot: (cause) => explainer.explain(cause),
    timing: { openMs },
  });
}

/**
 * Whether no call blocks a slot, nor a client that must not be up.
 *
 * @throws HarnessError RPC_TIMEOUT, PORT_LOST … — it does not answer
 */
export async function isWell(
  session: ModuleSession,
  needsFreeSlots: boolean,
  budgetMs = LADDER_TIMING.lookMs,
): Promise<boolean> {
  const { slots } = await session.request('slots', {}, budgetMs);
  return slots.every((state) => state === 'free' || (state === 'open' && !needsFreeSlots));
}

/** What the rungs of one climb share: the module, and the session with it as far as there is one. */
export class Revival {
  readonly climb: Climb;
  readonly wear: WearLog;
  readonly timing: LadderTiming;
  #session: ModuleSession | undefined;
  #bootId: string | undefined;

  constructor(climb: Climb) {
    this.climb = climb;
    this.timing = climb.timing ?? LADDER_TIMING;
    this.wear = new WearLog(climb.care.wearLog);
    this.#session = climb.session;
    this.#bootId = climb.bootId;
  }

  /** The session in use, or a fresh one within `budgetMs`. @throws HarnessError — nothing answers */
  async session(budgetMs: number): Promise<ModuleSession> {
    return this.#session ?? (await this.reopen(budgetMs, false));
  }

  /** Before the module is started again. @throws HarnessError WEAR_BUDGET_SPENT */
  spend(): void {
    spendWear(this.wear, this.climb.care.budget, 'reset');
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
  }

  /**
   * Opens the port again and again until the module answers, and has started again if it had to.
   *
   * @throws HarnessError — the last reason why not, when the budget is over
   */
  async reopen(budgetMs: number, needsStart: boolean): Promise<ModuleSession> {
    await this.close();
    const before = this.#bootId;
    const untilMs = systemClock.nowMs() + budgetMs;
    for (;;) {
      const leftMs = Math.max(1, untilMs - systemClock.nowMs());
      try {
        this.#session = await this.#open(Math.min(this.timing.openMs, leftMs));
        if (!needsStart || this.#session.hello.boot.id !== before) return this.#session;
        throw notYet('it has not started again', budgetMs);
      } catch (thrown) {
        await this.close();
        if (systemClock.nowMs() >= untilMs) throw asError(thrown);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  /** @throws HarnessError WAIT_EXPIRED — a call still blocks a slot, or a client is up that must not be */
  async checkWell(session: ModuleSession, budgetMs = this.timing.lookMs): Promise<ModuleSession> {
    if (await isWell(session, this.climb.needsFreeSlots, budgetMs)) return session;
    throw notYet('it answers, but a call or a client holds one of its slots', budgetMs);
  }

  /** After a start a module on a bench has to attach first. What fails here, scenarios will tell: the module lives. */
  async bringDataCallUp(session: ModuleSession): Promise<void> {
    const { apn, budget } = this.climb.care;
    const module = new ModuleProxy(session);
    if ((await module.networkStatus()).dataCall) return;
    spendWear(this.wear, budget, 'attach');
    await module.networkUp({ profile: DATA_CALL_PROFILE, apn });
    this.wear.note('data-call', this.climb.why);
  }

  async #open(openMs: number): Promise<ModuleSession> {
    const { care, explainer, onBoot } = this.climb;
    const session = await openSession(care, explainer, openMs);
    const { id, cause } = session.hello.boot;
    if (this.#bootId !== undefined && id !== this.#bootId) {
      onBoot({ id, cause, announced: explainer.explain(cause) !== undefined });
    }
    this.#bootId = id;
    return session;
  }

  /** The session in use has heard of a start by itself, and told of it. */
  know(bootId: string): void {
    this.#bootId = bootId;
  }
}

function notYet(why: string, budgetMs: number): HarnessError<'WAIT_EXPIRED'> {
  return new HarnessError('WAIT_EXPIRED', why, { reason: 'a module that is well', budgetMs });
}
