import { expect, test } from '@jest/globals';
import { redact } from './redact.ts';

test('secrets become digests wherever they are, and everything else stays', () => {
  const params = {
    slot: 1,
    host: 'mqtts://h',
    info: {
      clientId: 'c',
      user: 'u',
      pass: '123456789',
      ssl: { caCert: 'UFS:ca.pem', clientKeyPassword: { hex: '00ff' } },
    },
    accessKey: null,
  };

  expect(redact(params)).toEqual({
    slot: 1,
    host: 'mqtts://h',
    info: {
      clientId: 'c',
      user: 'u',
      pass: { redacted: true, length: 9, crc32: 0xcbf43926 },
      ssl: { caCert: 'UFS:ca.pem', clientKeyPassword: { redacted: true, length: 2, crc32: expect.any(Number) } },
    },
    accessKey: null,
  });
});

test('secrets in the calls of a reaction are redacted too', () => {
  const params = { calls: [{ method: 'mqtt.connect', params: { info: { pass: 'hush' } } }] };

  expect(JSON.stringify(redact(params))).not.toContain('hush');
});

test('the contents of a file are told by length and checksum', () => {
  expect(redact({ name: 'key.pem', base64: Buffer.from('123456789').toString('base64') })).toEqual({
    name: 'key.pem',
    base64: { redacted: true, length: 9, crc32: 0xcbf43926 },
  });
});

test('the PIN of an AT command is left out', () => {
  expect(redact({ command: 'AT+CPIN="1234"' })).toEqual({ command: 'AT+CPIN=(redacted)' });
  expect(redact({ command: 'AT+CSQ' })).toEqual({ command: 'AT+CSQ' });
});
