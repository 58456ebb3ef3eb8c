import { expect, test } from '@jest/globals';
import { isFailure } from '../errors.ts';
import { transportFor } from './transport-for.ts';

test('a path is a TTY and tcp: is a port server', async () => {
  expect((await transportFor('/dev/ttyUSB3')()).name).toBe('/dev/ttyUSB3');
  expect((await transportFor('tcp:bench-2:4001')()).name).toBe('tcp:bench-2:4001');
  expect((await transportFor('tcp:[::1]:4001')()).name).toBe('tcp:[::1]:4001');
});

test('each opening is a fresh transport', async () => {
  const factory = transportFor('tcp:127.0.0.1:4001');

  expect(await factory()).not.toBe(await factory());
});

function refusalOf(spec: string): unknown {
  try {
    return transportFor(spec);
  } catch (error) {
    return isFailure(error, 'CONFIGURATION') ? error.data : error;
  }
}

test('what names no port is refused by name', () => {
  for (const spec of ['ttyUSB3', 'tcp:host', 'tcp:host:0', 'tcp:host:70000', 'udp:host:1', '']) {
    expect(refusalOf(spec)).toEqual({ subject: spec });
  }
});
