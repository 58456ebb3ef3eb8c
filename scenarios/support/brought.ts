import type { Client } from '../../harness/rig/client.ts';
import type { HeardCallbacks } from '../../harness/rig/heard-callbacks.ts';

/** Resolves when so many messages have been brought to the client since `heard` began. @throws HarnessError WAIT_EXPIRED */
export async function brought(heard: HeardCallbacks, client: Client, count: number): Promise<void> {
  while (heard.messages(client.slot).length < count) await client.received();
}
