import type { Connection } from '../../broker/connection.ts';
import type { Rig } from '../../harness/rig/rig.ts';

/**
 * For a listener whose connections tell of close_notify, which TLS 1.3 hides, and where the end of a session that a reset follows is
 * not taken for a FIN.
 */
export const TELLING_TLS = { watchesCloseNotify: true, maxVersion: 'TLSv1.2' } as const;

/** Waits until the module has closed its connections, and records how it ended this one. */
export async function recordedEnd(rig: Rig, connection: Connection, after: string): Promise<void> {
  await rig.connectionClosed();
  observeEnd(rig, connection, after);
  observeCloseNotify(rig, connection, after);
}

export function observeEnd(rig: Rig, { moduleEnd }: Connection, after: string): void {
  rig.observe('D-26', `after ${after} the module ends the connection by`, moduleEnd ?? 'neither');
}

/** Records nothing where nobody watches for it. */
export function observeCloseNotify(rig: Rig, { hasCloseNotify }: Connection, after: string): void {
  if (hasCloseNotify !== undefined) rig.observe('D-26', `after ${after} the module says close_notify`, hasCloseNotify);
}
