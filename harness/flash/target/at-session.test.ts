import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { BytePort } from '../byte-port.ts';
import { bytePortPair } from '../byte-port-pair.ts';
import { AtSession } from './at-session.ts';
import { readIdentity } from './module-identity.ts';

let far: BytePort;
let at: AtSession;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
  const [near, other] = bytePortPair();
  far = other;
  at = new AtSession(near, '/dev/ttyUSB2');
});

afterEach(() => {
  jest.useRealTimers();
});

function answers(table: Readonly<Record<string, string>>): void {
  far.onData((bytes) => {
    const command = bytes.toString('latin1').trim();
    void far.write(Buffer.from(table[command] ?? '\r\nERROR\r\n', 'latin1'));
  });
}

test('an identity is read through echo, prefixes and messages in between', async () => {
  answers({
    'AT+CGMM': 'AT+CGMM\r\r\nEC200U\r\n\r\nOK\r\n',
    'AT+CGMR': '\r\n+QIND: SMS DONE\r\n+CGMR: "EC200UCNAAR03A09M08"\r\n\r\nOK\r\n',
    'AT+CGSN': '\r\n861234567890123\r\n\r\nOK\r\n',
  });

  expect(await readIdentity(at)).toEqual({ model: 'EC200U', revision: 'EC200UCNAAR03A09M08', imei: '861234567890123' });
});

test('a module that does not tell something leaves it empty', async () => {
  answers({ 'AT+CGMR': '\r\nEC200UCNAAR03A09M08\r\nOK\r\n' });

  expect(await readIdentity(at)).toEqual({ model: '', revision: 'EC200UCNAAR03A09M08', imei: '' });
});

test('silence is told with port and command', async () => {
  await Promise.all([
    expect(at.ask('ATI', 3000)).rejects.toMatchObject({
      code: 'FLASH_AT_SILENT',
      message: '/dev/ttyUSB2 did not answer ATI within 3000 ms',
    }),
    jest.advanceTimersByTimeAsync(3000),
  ]);
});

test('a port that goes away before the last line gives an answer without one', async () => {
  const asked = at.ask('AT+QDOWNLOAD=1', 3000);
  await far.close();

  expect(await asked).toEqual({ lines: [], final: undefined });
});
