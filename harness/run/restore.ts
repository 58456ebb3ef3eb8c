import { isWell } from '../bench/ladder/revival.ts';
import { asError, isFailure } from '../errors.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { finishRequested } from './lifeline-client.ts';
import { markWedged } from './wedge-mark.ts';
import type { Workbench } from './workbench.ts';

/**
 * Leaves the module fit for the next attempt: one that does not answer, or whose slots a call blocks, is reset, at worst by its supply.
 * The timeline tells each rung, and every start of the module: what it came from is this attempt's.
 *
 * @param trouble why the epilogue could not clean up, if it could not
 */
export async function restore(bench: Workbench, timeline: Timeline, trouble: string | undefined): Promise<void> {
  // Whoever ends the run parks the module.
  if (finishRequested.aborted) return;
  const needsFreeSlots = trouble !== undefined;
  const why = await findIllness(bench, needsFreeSlots);
  if (why === undefined) return;
  try {
    await bench.revive({
      why,
      needsFreeSlots,
      onRung: ({ rung, waitedFor, budgetMs, takenMs, ok, why: whyNot }) => {
        const reason = `${rung} (${why}): ${waitedFor}${whyNot === undefined ? '' : `; ${whyNot}`}`;
        timeline.host({ k: 'wait', reason, budgetMs, takenMs, ok });
      },
      onBoot: (boot) => timeline.host({ k: 'boot', ...boot }),
    });
  } catch (thrown) {
    const isEnd = isFailure(thrown, 'MODULE_WEDGED') || isFailure(thrown, 'WEAR_BUDGET_SPENT');
    if (isEnd) markWedged(bench.laneNumber, thrown.message);
    timeline.host({ k: 'trouble', what: asError(thrown).message });
  }
}

async function findIllness(bench: Workbench, needsFreeSlots: boolean): Promise<string | undefined> {
  try {
    return (await isWell(bench.session, needsFreeSlots)) ? undefined : 'a call on a slot did not return';
  } catch (thrown) {
    return `it does not answer: ${asError(thrown).message}`;
  }
}
