import type { ReturnedCall } from '../../harness/rig/client.ts';
import type { Rig } from '../../harness/rig/rig.ts';

/** Whether a call is called back before the silence is over after which nothing is to be waited for. */
export function calledBackSoon(rig: Rig, call: ReturnedCall): Promise<boolean> {
  return rig.wait(`the callback of ${call.fn}, or silence`, rig.deadlines.quietMs, (budgetMs) => {
    return new Promise<boolean>((resolve) => {
      const silence = setTimeout(() => resolve(false), budgetMs);
      const heard = () => {
        clearTimeout(silence);
        resolve(true);
      };
      // One that never comes is the silence.
      call.callback().then(heard, () => undefined);
    });
  });
}
