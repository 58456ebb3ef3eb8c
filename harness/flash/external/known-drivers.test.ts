import { expect, test } from '@jest/globals';
import { qdloaderDriver, templateDriver } from './known-drivers.ts';

test('the vendor’s tool gets the PAC, the sysfs path of the module and a folder for its backup', () => {
  expect(qdloaderDriver('/opt/QDloader', '/var/nv').command).toEqual([
    '/opt/QDloader',
    '-f',
    '{pac}',
    '-s',
    '/sys/bus/usb/devices/{usb}',
    '-x',
    '/var/nv',
  ]);
});

test('a command of the user’s is named after its program', () => {
  expect(templateDriver(['dloader', '-p', '{pac}'], '^PASS$')).toMatchObject({
    name: 'dloader',
    command: ['dloader', '-p', '{pac}'],
  });
});

test.each([
  ['no program', [], 'x', 'names no program'],
  ['no place for the PAC', ['dloader'], 'x', 'has no {pac}'],
  ['a broken pattern', ['dloader', '{pac}'], '(', 'is no pattern'],
])('a command with %s is refused', (_, words, success, message) => {
  expect(() => templateDriver(words, success)).toThrow(
    expect.objectContaining({ code: 'CONFIGURATION', message: expect.stringContaining(message) }),
  );
});
