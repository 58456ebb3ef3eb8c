import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findContenders } from './find-contenders.ts';
import { scanUsb } from './scan-usb.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'qlhil-sys-'));
});

afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

function plug(usbPath: string, vendor: string, product: string): string {
  const folder = `sys/bus/usb/devices/${usbPath}`;
  put(`${folder}/idVendor`, `${vendor}\n`);
  put(`${folder}/idProduct`, `${product}\n`);
  put(`${folder}/devnum`, '12\n');
  return folder;
}

test('devices are found with their ports, whichever driver made them', async () => {
  const module = plug('1-1.3', '2c7c', '0901');
  put(`${module}/1-1.3:1.2/bInterfaceNumber`, '02\n');
  put(`${module}/1-1.3:1.2/ttyUSB4/tty/ttyUSB4/dev`, '188:4');
  put(`${module}/1-1.3:1.9/bInterfaceNumber`, '09\n');
  const rom = plug('2-1', '0525', 'a4a7');
  put(`${rom}/2-1:1.0/bInterfaceNumber`, '00\n');
  put(`${rom}/2-1:1.0/tty/ttyACM0/dev`, '166:0');
  put('sys/bus/usb/devices/usb1/idVendor', '1d6b\n');

  expect(await scanUsb({ sys: join(root, 'sys'), dev: '/dev' })).toEqual([
    {
      usbPath: '1-1.3',
      deviceNumber: 12,
      vendorId: 0x2c7c,
      productId: 0x0901,
      ports: [{ interfaceNumber: 2, path: '/dev/ttyUSB4' }],
    },
    {
      usbPath: '2-1',
      deviceNumber: 12,
      vendorId: 0x0525,
      productId: 0xa4a7,
      ports: [{ interfaceNumber: 0, path: '/dev/ttyACM0' }],
    },
  ]);
});

test('where there is no sysfs, nothing is plugged in', async () => {
  expect(await scanUsb({ sys: join(root, 'none'), dev: '/dev' })).toEqual([]);
});

test('a running ModemManager contends until a rule tells it to leave the download port alone', async () => {
  put('proc/1/comm', 'systemd\n');
  expect(await findContenders(root)).toEqual([]);

  put('proc/77/comm', 'ModemManager\n');
  put('etc/udev/rules.d/10-x.rules', '# a4a7 ID_MM_DEVICE_IGNORE\n');
  expect(await findContenders(root)).toEqual(['ModemManager']);

  put(
    'lib/udev/rules.d/60-qlhil.rules',
    'ATTRS{idVendor}=="0525", ATTRS{idProduct}=="a4a7", ENV{ID_MM_DEVICE_IGNORE}="1"\n',
  );
  expect(await findContenders(root)).toEqual([]);
  expect(await findContenders(root, '0901')).toEqual(['ModemManager']);
});
