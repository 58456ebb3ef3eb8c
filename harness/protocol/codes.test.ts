import { expect, test } from '@jest/globals';
import { CONNECTION_STATUSES, ERROR_CODES, findErrorName, findStatusName } from './codes.ts';

test('the error codes run from 0 down to −9 without a gap, as the manual lists them', () => {
  expect(Object.values(ERROR_CODES).toSorted((a, b) => b - a)).toEqual([0, -1, -2, -3, -4, -5, -6, -7, -8, -9]);
});

test('a code has the name that the manual gives it', () => {
  expect(findErrorName(ERROR_CODES.MQTTCLIENT_WOUNDBLOCK)).toBe('MQTTCLIENT_WOUNDBLOCK');
  expect(findStatusName(CONNECTION_STATUSES.MQTT_CONNECT_TIMEOUT)).toBe('MQTT_CONNECT_TIMEOUT');
  expect(findErrorName(-10)).toBeUndefined();
  expect(findStatusName(6)).toBeUndefined();
});
