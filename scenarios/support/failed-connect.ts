import { CONNECTION_STATUSES, ERROR_CODES } from '../../harness/protocol/codes.ts';
import type { EnterEvent } from '../../harness/protocol/module-event.ts';
import type { ReturnedCall } from '../../harness/rig/client.ts';
import type { Rig } from '../../harness/rig/rig.ts';

const { MQTT_CONNECT_TCP_CONNECTED_FAILURE, MQTT_CONNECT_DISCONNECTED, MQTT_CONNECT_TIMEOUT } = CONNECTION_STATUSES;

/** How a connection that ends before CONNECT was sent may be told: the manual draws no line between the two. */
export const LOST_EARLY: readonly number[] = [MQTT_CONNECT_TCP_CONNECTED_FAILURE, MQTT_CONNECT_DISCONNECTED];

/** How a TLS session that can't be set up may be told: the manual has no status of its own for it. */
export const NOT_SECURED: readonly number[] = [...LOST_EARLY, MQTT_CONNECT_TIMEOUT];

/** Expects that a connect under way fails with one of these statuses, and waits for its callback. */
export async function failedConnect(
  rig: Rig,
  connect: ReturnedCall,
  statuses: readonly number[],
  clause: string,
): Promise<EnterEvent> {
  rig.expect.returns(connect, [ERROR_CODES.MQTTCLIENT_WOUNDBLOCK], 'M-2.wouldblock');
  if (connect.ret !== ERROR_CODES.MQTTCLIENT_WOUNDBLOCK) rig.stop(`ql_mqtt_connect returned ${connect.ret}`);
  rig.expect.callback(connect, statuses, clause);
  return await connect.callback();
}
