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
