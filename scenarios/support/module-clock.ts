import type { Rig } from '../../harness/rig/rig.ts';

/** Sets the module's clock, and has it right again at the end of the scope. */
export async function moduleClockAt(rig: Rig, unixS: number): Promise<AsyncDisposable> {
  await rig.module.setUnixTime(unixS);
  return { [Symbol.asyncDispose]: () => rig.module.setUnixTime(Math.floor(Date.now() / 1000)) };
}
