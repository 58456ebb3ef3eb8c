import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bytePortPair } from '../../flash/byte-port-pair.ts';
import { AtSession } from '../../flash/target/at-session.ts';
import { readClock, readRegistration } from './at-answers.ts';
import { AtModule } from './at-module.ts';

const OK = '\r\nOK\r\n';

/** A module that answers so, with what else is on the line before each answer. */
async function moduleThat(table: Readonly<Record<string, string>>, before = ''): Promise<AtModule> {
  const [near, far] = bytePortPair();
  far.onData((bytes) => {
    const command = bytes.toString('latin1').trim();
    const answer = command === 'AT' ? OK : (table[command] ?? '\r\nERROR\r\n');
    void far.write(Buffer.from(`${before}${command}\r${answer}`, 'latin1'));
  });
  return await AtModule.open(new AtSession(near, '/dev/ttyUSB2'));
}

test('identity carries the SKU, which only the revision tells', async () => {
  const module = await moduleThat({
    'AT+CGMM': `\r\nEC600U\r\n${OK}`,
    'AT+CGMR': `\r\n+CGMR: EC600UCNLBR03A02M08_OCPU_QPY\r\n${OK}`,
    'AT+CGSN': `\r\n861234567890123\r\n${OK}`,
  });

  expect(await module.identity()).toMatchObject({ sku: 'EC600U-CN', firmware: 'ocpu', imei: '861234567890123' });
});

test('a firmware with AT commands for MQTT is the standard one', async () => {
  const module = await moduleThat({ 'AT+CGMR': `\r\nEC200UCNAAR03A07M08\r\n${OK}`, 'AT+QMTCFG=?': OK });

  expect((await module.identity()).firmware).toBe('at');
});

test('noise and URCs before an answer change nothing', async () => {
  const table = {
    'AT+CPIN?': `\r\n+CPIN: READY\r\n${OK}`,
    'AT+CSQ': `\r\n+CSQ: 24,99\r\n${OK}`,
    'AT+CEREG?': `\r\n+CEREG: 2,1,"1234","00ABCDEF",7\r\n${OK}`,
  };
  const module = await moduleThat(table, '\0\xff\xfe\r\n+CEREG: 5,"1234","00ABCDEF",7\r\n+QIND: SMS DONE\r\n\x80');

  expect([await module.sim(), await module.signal(), await module.registration()]).toEqual([
    'READY',
    { rssiDbm: -65 },
    'home',
  ]);
});

test('noise on the very line of an answer, or of its OK, changes nothing', async () => {
  const module = await moduleThat({ 'AT+CSQ': '\r\n\0\xff+CSQ: 24,99\r\n\r\n\x80\0OK\r\n' });

  expect(await module.signal()).toEqual({ rssiDbm: -65 });
});

test.each([
  ['+CME ERROR: 10', 'SIM not inserted'],
  ['+CME ERROR: SIM not inserted', 'SIM not inserted'],
  ['+CME ERROR: 4711', 'CME error 4711'],
  ['ERROR', 'ERROR'],
])('a SIM refused with %s reads as %s', async (final, words) => {
  const module = await moduleThat({ 'AT+CPIN?': `\r\n${final}\r\n` });

  expect(await module.sim()).toBe(words);
});

test('a refused command is told with its reason in words', async () => {
  const module = await moduleThat({ 'AT+CCLK?': '\r\n+CME ERROR: 3\r\n' });

  await expect(module.clock()).rejects.toMatchObject({
    code: 'AT_REFUSED',
    message: 'the module refused AT+CCLK?: operation not allowed',
  });
});

test('an OK without the answer before it is no answer', async () => {
  const module = await moduleThat({ 'AT+CSQ': OK });

  await expect(module.signal()).rejects.toMatchObject({ code: 'AT_UNREADABLE' });
});

test.each([
  ['that refuses CGMM and CGMR', {}],
  ['in whose answer a URC of the start-up stands', { 'AT+CGMM': `\r\nRDY\r\nEC200U\r\n${OK}` }],
])('a module %s is identified by ATI, URCs between its lines or not', async (_, table) => {
  const module = await moduleThat({
    ...table,
    ATI: `\r\nQuectel\r\n+CREG: 1\r\nEC200U\r\nRDY\r\nRevision: EC200UCNAAR03A09M08_OCPU\r\n${OK}`,
    'AT+CGSN': `\r\n861234567890123\r\n${OK}`,
  });

  expect(await module.identity()).toEqual({
    model: 'EC200U',
    revision: 'EC200UCNAAR03A09M08_OCPU',
    imei: '861234567890123',
    sku: 'EC200U-CN',
    firmware: 'ocpu',
  });
});

test('a URC between the lines of an answer, and one between answer and OK, change nothing', async () => {
  const module = await moduleThat({
    'AT+CCLK?': `\r\n+CREG: 5\r\n+CCLK: "26/11/23,08:00:00+32"\r\n+CEREG: 1,"1A2B","0012"\r\n${OK}`,
  });

  expect(await module.clock()).toBe(Date.UTC(2026, 10, 23, 0, 0, 0));
});

test('whether the module echoes makes no difference', async () => {
  const [near, far] = bytePortPair();
  far.onData(() => void far.write(Buffer.from('\r\n+CSQ: 31,0\r\n\r\nOK\r\n')));

  const module = await AtModule.open(new AtSession(near, '/dev/ttyUSB2'));

  expect(await module.signal()).toEqual({ rssiDbm: -51 });
});

test('who is not registered with LTE may be with an older network, and who is with neither says why', async () => {
  const cereg = `\r\n+CEREG: 0,2\r\n${OK}`;
  const older = await moduleThat({ 'AT+CEREG?': cereg, 'AT+CREG?': `\r\n+CREG: 0,5\r\n${OK}` });
  const denied = await moduleThat({ 'AT+CEREG?': cereg, 'AT+CREG?': `\r\n+CREG: 0,3\r\n${OK}` });

  expect([await older.registration(), await denied.registration()]).toEqual(['roaming', 'denied']);
});

test('a signal of 99 is unknown', async () => {
  const module = await moduleThat({ 'AT+CSQ': `\r\n+CSQ: 99,99\r\n${OK}` });

  expect(await module.signal()).toEqual({ rssiDbm: undefined });
});

test.each([
  [`+CGPADDR: 1,"10.64.0.2"`, '10.64.0.2'],
  ['+CGPADDR: 1,10.64.0.2', '10.64.0.2'],
  ['+CGPADDR: 1,"0.0.0.0"\r\n+CGPADDR: 2,"fe80::1"', 'fe80::1'],
])('the address of a data call is read from %j', async (answer, address) => {
  const module = await moduleThat({ 'AT+CGPADDR': `\r\n${answer}\r\n${OK}` });

  expect(await module.address()).toBe(address);
});

test('a reset is done when it is confirmed, and when the port went away before that; a refused one says why', async () => {
  const confirmed = await moduleThat({ 'AT+CFUN=1,1': OK });
  const refused = await moduleThat({ 'AT+CFUN=1,1': '\r\n+CME ERROR: operation not allowed\r\n' });
  const [near, far] = bytePortPair();
  far.onData((bytes) => void (bytes.includes('CFUN') ? far.close() : far.write(Buffer.from(OK))));
  const vanishing = await AtModule.open(new AtSession(near, '/dev/ttyUSB2'));

  await expect(confirmed.reset()).resolves.toBeUndefined();
  await expect(vanishing.reset()).resolves.toBeUndefined();
  await expect(refused.reset()).rejects.toThrow('the module refused AT+CFUN=1,1: operation not allowed');
});

test('a module that boots, and swallows commands, is asked three times', async () => {
  const [near, far] = bytePortPair();
  let asked = 0;
  far.onData(() => {
    asked += 1;
    if (asked === 3) void far.write(Buffer.from(OK));
  });

  await AtModule.open(new AtSession(near, '/dev/ttyUSB2'));

  expect(asked).toBe(3);
});

test('an address of zeros is none', async () => {
  const module = await moduleThat({ 'AT+CGPADDR': `\r\n+CGPADDR: 1,"0.0.0.0"\r\n${OK}` });

  expect(await module.address()).toBeUndefined();
});

test('the clock is local time with its offset in quarters of an hour', () => {
  expect(readClock(['+CCLK: "26/11/23,08:00:00+32"'])).toBe(Date.UTC(2026, 10, 23, 0, 0, 0));
});

test('whatever stands around it, the state of a registration is read from the answer', () => {
  const urc = fc.constantFrom('+CREG: 2,"1A2B","0012"', '+CREG: 0', '+CEREG: 4', 'RDY', '+CREG');
  fc.assert(
    fc.property(fc.array(urc), fc.array(urc), (before, after) => {
      expect(readRegistration([...before, '+CREG: 2,5,"1A2B","00C0FFEE",7', ...after])).toBe('roaming');
    }),
  );
});
