import { parseListen } from '../../broker/parse-listen.ts';
import { ERROR_CODES } from '../protocol/codes.ts';
import { Client } from '../rig/client.ts';
import type { ReturnedCall } from '../rig/returned-call.ts';
import type { Rig } from '../rig/rig.ts';
import type { Lane } from './plan.ts';

/**
 * A clean connect and a QoS 1 round trip by a new client, to a listener that nothing is armed on. What comes of it is EH-03's
 * to judge; it ends early where the rest makes no sense.
 *
 * @throws HarnessError WAIT_EXPIRED — something did not come within the deadlines in force
 */
export async function proveRecovery(rig: Rig, { listenAddress, brokerHost }: Lane, slot: number): Promise<void> {
  const claims = { ownPort: true };
  await using listener = await rig.broker.listen({
    label: 'epilogue',
    ...parseListen(listenAddress),
    peer: 'aedes',
    claims,
  });
  const host = `mqtt://${brokerHost}:${listener.port}`;
  const info = { clientId: rig.topic('epilogue').replaceAll('/', '-'), keepAlive: 60, cleanSession: 1, ssl: null };
  const client = new Client(slot, rig.module, rig.deadlines, () => Promise.resolve({ host, info }));
  if ((await client.init()).ret !== ERROR_CODES.MQTTCLIENT_SUCCESS) return;
  try {
    await roundTrip(rig, client);
  } finally {
    await client.deinit();
  }
  await rig.wait('the module closes its last connection', rig.deadlines.closeMs, (budgetMs) =>
    listener.waitForNoConnections(budgetMs),
  );
}

async function roundTrip(rig: Rig, client: Client): Promise<void> {
  const topic = rig.topic('epilogue');
  if (!(await isCalledBack(await client.connect()))) return;
  await client.setInpubCallback();
  if (!(await isCalledBack(await client.subscribe(topic, 1)))) return;
  const received = client.received();
  received.catch(() => undefined); // awaited below, unless the publish fails before it
  if (!(await isCalledBack(await client.publish({ topic, payload: 'recovered', qos: 1 })))) return;
  await received;
  await isCalledBack(await client.disconnect());
}

async function isCalledBack(call: ReturnedCall): Promise<boolean> {
  if (call.ret !== ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) return false;
  const callback = await call.callback();
  return ('status' in callback ? callback.status : 'err' in callback ? callback.err : undefined) === 0;
}
