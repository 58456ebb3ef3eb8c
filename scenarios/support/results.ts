import { CONNECTION_STATUSES, ERROR_CODES } from '../../harness/protocol/codes.ts';

/** What a call may return that refuses it: every listed error code. */
export const REFUSALS: readonly number[] = Object.values(ERROR_CODES).filter(
  (code) => code !== ERROR_CODES.MQTTCLIENT_SUCCESS && code !== ERROR_CODES.MQTTCLIENT_WOUNDBLOCK,
);

/** What a callback may say that is no success: err is of either list (D-3). */
export const FAILURES: readonly number[] = [
  ...Object.values(ERROR_CODES).filter((code) => code < 0),
  ...Object.values(CONNECTION_STATUSES).filter((status) => status > 0),
];

/** How a time-out is told, in either list. */
export const TIME_OUTS: readonly number[] = [ERROR_CODES.MQTTCLIENT_TIMEOUT, CONNECTION_STATUSES.MQTT_CONNECT_TIMEOUT];
