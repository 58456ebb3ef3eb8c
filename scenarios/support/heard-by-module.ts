import { encode } from '../../broker/frame/encode.ts';
import type { Rig } from '../../harness/rig/rig.ts';
import { newestConnection } from './newest-connection.ts';

const PROBE_ID = 0x7fff;

/**
 * Resolves when the module has dealt with everything that it was sent, and all that it called back is heard: a message at
 * QoS 1 follows, and its PUBACK is awaited. A module that closes the connection instead has heard it, too.
 */
export async function heardByModule(rig: Rig): Promise<void> {
  const listener = await rig.listener();
  const connection = await newestConnection(rig);
  await rig.wait('the module takes notice', rig.deadlines.ackMs, (budgetMs) => {
    const puback = { conn: connection.conn, dir: 'up', type: 'PUBACK', packetId: PROBE_ID } as const;
    const answered = listener.waitForFrame(puback, budgetMs);
    connection.inject(encode.publish({ topic: rig.topic('probe'), qos: 1, packetId: PROBE_ID }));
    return Promise.race([answered, connection.waitForClose(budgetMs)]);
  });
  await rig.module.sync();
}
