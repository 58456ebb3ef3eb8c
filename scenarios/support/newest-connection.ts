import type { Rig } from '../../harness/rig/rig.ts';

/** The connection that this scenario's listener took last. Stops the scenario when none is open. */
export async function newestConnection(rig: Rig) {
  const { connections } = await rig.listener();
  return connections.at(-1) ?? rig.stop('the module has no connection open');
}
