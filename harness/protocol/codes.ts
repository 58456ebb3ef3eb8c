/** `mqtt_error_code_e` (manual 3.3.1.1), names as the manual spells them. */
export const ERROR_CODES = {
  MQTTCLIENT_SUCCESS: 0,
  MQTTCLIENT_INVALID_PARAM: -1,
  MQTTCLIENT_WOUNDBLOCK: -2,
  MQTTCLIENT_OUT_OF_MEM: -3,
  MQTTCLIENT_ALLOC_FAIL: -4,
  MQTTCLIENT_TCP_CONNECT_FAIL: -5,
  MQTTCLIENT_NOT_CONNECT: -6,
  MQTTCLIENT_SEND_PKT_FAIL: -7,
  MQTTCLIENT_BAD_REQUEST: -8,
  MQTTCLIENT_TIMEOUT: -9,
} as const;
/** The call is under way, and its callback tells what becomes of it. */
export const WOUNDBLOCK = ERROR_CODES.MQTTCLIENT_WOUNDBLOCK;
export type ErrorCode = (typeof ERROR_CODES)[keyof typeof ERROR_CODES];

/** `mqtt_connection_status_e` (manual 3.3.2.4). */
export const CONNECTION_STATUSES = {
  MQTT_CONNECT_ACCEPTED: 0,
  MQTT_CONNECT_REFUSED_PROTOCOL_VERSION: 1,
  MQTT_CONNECT_REFUSED_IDENTIFIER: 2,
  MQTT_CONNECT_REFUSED_SERVER: 3,
  MQTT_CONNECT_REFUSED_USERNAME_PASS: 4,
  MQTT_CONNECT_REFUSED_NOT_AUTHORIZED: 5,
  MQTT_CONNECT_TCP_CONNECTED_FAILURE: 254,
  MQTT_CONNECT_OUT_OF_MEMORY: 255,
  MQTT_CONNECT_DISCONNECTED: 256,
  MQTT_CONNECT_TIMEOUT: 257,
} as const;
export type ConnectionStatus = (typeof CONNECTION_STATUSES)[keyof typeof CONNECTION_STATUSES];

const errorNames = namesByValue(ERROR_CODES);
const statusNames = namesByValue(CONNECTION_STATUSES);

/** e.g. −2 → `MQTTCLIENT_WOUNDBLOCK`; undefined for a number that the manual does not list. */
export function findErrorName(code: number): string | undefined {
  return errorNames.get(code);
}

/** e.g. 257 → `MQTT_CONNECT_TIMEOUT`; undefined for a number that the manual does not list. */
export function findStatusName(status: number): string | undefined {
  return statusNames.get(status);
}

function namesByValue(values: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(values).map(([name, value]) => [value, name]));
}
