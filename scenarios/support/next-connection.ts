import type { Connection } from '../../broker/connection.ts';
import type { Rig } from '../../harness/rig/rig.ts';

/** The next connection that this scenario's listener takes, to be asked for before the connect that opens it. */
export function nextConnection(rig: Rig): Promise<Connection> {
  const connection = waitForConnection(rig);
  // A scenario that stops before does not come for it.
  connection.catch(() => undefined);
  return connection;
}

async function waitForConnection(rig: Rig): Promise<Connection> {
  const listener = await rig.listener();
  return rig.wait('the module opens a connection', rig.deadlines.connectMs, (budgetMs) => {
    return listener.waitForConnection(budgetMs);
  });
}
