import { asError } from '../../errors.ts';
import type { ModuleProxy } from '../../module/module-proxy.ts';
import type { SslConfig } from '../../protocol/arguments.ts';
import { ERROR_CODES, findErrorName, findStatusName } from '../../protocol/codes.ts';
import { type BrokerDoor, CLIENT_PREFIX } from './broker-side.ts';
import type { Seen } from './seen.ts';
import { type Returned, TrialClient } from './trial-client.ts';

/** One try of the module to use our broker, from both sides. */
export interface BrokerTrial {
  readonly url: string;
  readonly place: string;
  /** What the module said last, in words. */
  readonly moduleSays: string;
  readonly isConnected: boolean;
  /** A QoS 1 message went out and came back. */
  readonly hasRoundTrip: boolean;
  readonly seen: Seen;
}

type ModuleSide = Pick<BrokerTrial, 'moduleSays' | 'isConnected' | 'hasRoundTrip'>;

/** Has the module connect, send itself a message and take its leave, by its own calls. What fails is told, not thrown. */
export async function tryBroker(module: ModuleProxy, door: BrokerDoor, ssl: SslConfig | null): Promise<BrokerTrial> {
  const side = await moduleSide(module, door, ssl);
  return { url: door.url, place: door.place, ...side, seen: await door.seen() };
}

async function moduleSide(module: ModuleProxy, door: BrokerDoor, ssl: SslConfig | null): Promise<ModuleSide> {
  const heard = { isConnected: false, hasRoundTrip: false };
  try {
    await using client = await TrialClient.onFreeSlot(module);
    const initialised = await client.init();
    if (initialised.ret !== 0) return { ...heard, moduleSays: `init ${returned(initialised)}` };
    const connecting = await client.connect(door.url, { clientId: CLIENT_PREFIX, keepAlive: 60, cleanSession: 1, ssl });
    if (connecting.ret !== ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) {
      return { ...heard, moduleSays: `connect ${returned(connecting)}` };
    }
    const { status } = await client.connectStatus(connecting);
    if (status !== 0)
      return {
        ...heard,
        moduleSays: `the connect callback had status ${status} ${findStatusName(status) ?? ''}`.trim(),
      };
    heard.isConnected = true;
    const trouble = await sendToItself(client);
    return { isConnected: true, hasRoundTrip: trouble === undefined, moduleSays: trouble ?? 'all its callbacks came' };
  } catch (thrown) {
    return { ...heard, moduleSays: asError(thrown).message };
  }
}

/** Undefined if all went well. */
async function sendToItself(client: TrialClient): Promise<string | undefined> {
  const topic = `${CLIENT_PREFIX}/${client.slot}`;
  await client.setInpubCallback();
  const subscribed = await client.requestResult(await client.subscribe(topic, 1));
  if (subscribed.err !== 0) return `subscribe was called back with err ${subscribed.err}`;
  const received = client.received();
  const published = await client.requestResult(await client.publish(topic, 'qlhil', 1));
  if (published.err !== 0) return `publish was called back with err ${published.err}`;
  await received;
  await client.disconnectResult(await client.disconnect());
  return undefined;
}

function returned({ ret }: Returned): string {
  return `returned ${ret} ${findErrorName(ret) ?? ''}`.trim();
}
