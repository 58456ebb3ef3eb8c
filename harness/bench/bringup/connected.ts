import { HarnessError } from '../../errors.ts';
import { ERROR_CODES, findErrorName, findStatusName } from '../../protocol/codes.ts';
import type { EnterOf } from '../../protocol/module-event.ts';
import { type BrokerDoor, CLIENT_PREFIX } from '../reach/broker-side.ts';
import { type Returned, TrialClient } from '../reach/trial-client.ts';
import type { FirstHour } from './first-hour.ts';

export interface Connected {
  readonly client: TrialClient;
  readonly door: BrokerDoor;
  readonly connect: Returned;
  readonly callback: EnterOf<'connect'>;
}

/** Does something with a client that is connected to our broker over TCP. @throws HarnessError PROTOCOL — it could not connect */
export async function connected<T>(hour: FirstHour, act: (connected: Connected) => Promise<T>): Promise<T> {
  await using door = await hour.open('mqtt');
  await using client = await TrialClient.onFreeSlot(await hour.module());
  const init = await client.init();
  if (init.ret !== ERROR_CODES.MQTTCLIENT_SUCCESS) throw failed(`init returned ${nameError(init.ret)}`);
  const connect = await client.connect(door.url, {
    clientId: CLIENT_PREFIX,
    keepAlive: 60,
    cleanSession: 1,
    ssl: null,
  });
  if (connect.ret !== ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) throw failed(`connect returned ${nameError(connect.ret)}`);
  const callback = await client.connectStatus(connect);
  if (callback.status !== 0) throw failed(`the connect callback had status ${nameStatus(callback.status)}`);
  return await act({ client, door, connect, callback });
}

export function nameError(code: number): string {
  return `${code} ${findErrorName(code) ?? '(not in the manual)'}`;
}

export function nameStatus(status: number): string {
  return `${status} ${findStatusName(status) ?? '(not in the manual)'}`;
}

function failed(saw: string): HarnessError {
  return new HarnessError('PROTOCOL', saw, { saw });
}
