import { systemClock } from '../../clock.ts';
import { asError, HarnessError, isFailure } from '../../errors.ts';
import type { ModuleSession } from '../../module/session.ts';
import type { BootExplainer } from './boot-explainer.ts';

import type { LadderTiming } from './ladder-timing.ts';
import type { ModuleCare } from './module-care.ts';
import { Revival } from './revival.ts';
import { describeRung, type RungNote } from './rung-note.ts';
import { findRung, RUNG_ORDER } from './rungs.ts';

export interface Climb {
  readonly care: ModuleCare;
  readonly explainer: BootExplainer;
  /** Why it is climbed: the resets say so. */
  readonly why: string;
  /** The one in use, if there is one that has not ended. It is closed, or goes on. */
  readonly session: ModuleSession | undefined;
  /** Of the start that was heard of last; undefined if there was none. */
  readonly bootId: string | undefined;
  /** Whether the module has to have no client up. */
  readonly needsFreeSlots: boolean;
  readonly timing?: LadderTiming;
  readonly onRung: (note: RungNote) => void;
  /** A start that no session tells of. */
  readonly onBoot: (boot: { readonly id: string; readonly cause: string; readonly announced: boolean }) => void;
}

/**
 * Brings a module back to life that does not answer, or whose slots a call blocks: rung by rung, each bounded, until it answers and is well.
 *
 * @returns the session to go on with: the old one, or one in its place
 * @throws HarnessError MODULE_WEDGED — no rung revives it
 * @throws HarnessError WEAR_BUDGET_SPENT — the next rung would wear it more than it may within an hour
 */
export async function climbLadder(climb: Climb): Promise<ModuleSession> {
  const revival = new Revival(climb);
  const notes: RungNote[] = [];
  for (const rung of RUNG_ORDER) {
    const { budgetMs, waitsFor, act } = findRung(rung, climb.care, revival.timing);
    const startedMs = systemClock.nowMs();
    const note = (ok: boolean, why?: string) => {
      const takenMs = Math.round(systemClock.nowMs() - startedMs);
      const noted = { rung, waitedFor: waitsFor, budgetMs, takenMs, ok, ...(why === undefined ? {} : { why }) };
      notes.push(noted);
      climb.onRung(noted);
    };
    try {
      const session = await act(revival);
      note(true);
      return session;
    } catch (thrown) {
      note(false, asError(thrown).message);
      if (isFailure(thrown, 'WEAR_BUDGET_SPENT')) {
        await revival.close();
        throw thrown;
      }
    }
  }
  await revival.close();
  throw wedged(climb.care.port, climb.why, notes);
}

function wedged(port: string, why: string, rungs: readonly RungNote[]): HarnessError<'MODULE_WEDGED'> {
  const tried = rungs.map(describeRung).join('; ');
  const message = `the module on ${port} is wedged (${why}), and nothing revives it: ${tried}`;
  return new HarnessError('MODULE_WEDGED', message, { port, rungs });
}
