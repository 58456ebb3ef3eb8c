import type { Rig } from '../../harness/rig/rig.ts';

/** The profile that clients of a rig use. */
const PROFILE = 1;

export interface EndedDataCall extends AsyncDisposable {
  /** Brings the data call up again. */
  bringUp(): Promise<void>;
}

/** Ends the module's data call; it is up again at the end of the scope at the latest, since nothing works without it. */
export async function withoutDataCall({ module }: Rig): Promise<EndedDataCall> {
  await module.networkDown(PROFILE);
  let isUp = false;
  const bringUp = async () => {
    if (!isUp) await module.networkUp({ profile: PROFILE, apn: null });
    isUp = true;
  };
  return { bringUp, [Symbol.asyncDispose]: bringUp };
}
