import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sysfsSource } from './device-source.ts';
import { discoverDevices } from './discover-devices.ts';
import { plugFixture } from './plug-fixture.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const discover = (fixture: string) => discoverDevices(sysfsSource(plugFixture(fixture, folder)));

test('a module is found with its ports by role, not by TTY number', async () => {
  const [module, ...more] = await discover('one-module');

  expect(more).toEqual([]);
  expect(module).toMatchObject({ kind: 'module', id: '2c7c:0901', usb: { usbPath: '1-1' } });
  expect(module?.ports).toEqual({
    at: '/dev/ttyUSB0',
    diag: '/dev/ttyUSB1',
    mos: '/dev/ttyUSB2',
    'cp-log': '/dev/ttyUSB3',
    'ap-log': '/dev/ttyUSB4',
    modem: '/dev/ttyUSB5',
    nmea: '/dev/ttyUSB6',
  });
});

test('two of a kind behind a hub are told apart by USB path, in its order', async () => {
  const devices = await discover('two-behind-a-hub');

  expect(devices.map(({ usb, ports }) => [usb.usbPath, ports.nmea])).toEqual([
    ['1-1.3', '/dev/ttyUSB13'],
    ['1-1.10', '/dev/ttyUSB6'],
  ]);
});

test('a module in download mode is told from a Linux gadget under the same id', async () => {
  const devices = await discover('download-beside-gadget');

  expect(devices.map(({ usb, kind, note }) => [usb.usbPath, kind, note])).toEqual([
    ['1-1.4', 'download', expect.stringContaining('if a module was plugged in here')],
    ['3-2', 'refused', "not a module: it calls itself 'Gadget Serial v2.4'"],
  ]);
});

test('an ASR sibling is refused, and so is its download mode', async () => {
  const devices = await discover('asr-sibling');

  expect(devices.map(({ id, kind }) => [id, kind])).toEqual([
    ['2c7c:6001', 'refused'],
    ['2ecc:3004', 'refused'],
  ]);
});

test('a module whose ports no driver has taken says so', async () => {
  const [module] = await discover('no-option-driver');

  expect(module).toMatchObject({ kind: 'module', ports: {}, note: expect.stringContaining('no driver') });
});
