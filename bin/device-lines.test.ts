import { expect, test } from '@jest/globals';
import type { IdentifiedDevice } from '../harness/bench/discovery/identify-device.ts';
import { deviceLines } from './device-lines.ts';

const plain = (_: unknown, text: string) => text;

const IDENTITY = {
  model: 'EC200U',
  sku: 'EC200U-CN',
  revision: 'EC200UCNAAR03A07M08_OCPU',
  imei: '861234567890123',
  firmware: 'ocpu',
} as const;

const BARE: IdentifiedDevice = {
  usb: { usbPath: '1-1.3', deviceNumber: 4, vendorId: 0x2c7c, productId: 0x0901, ports: [] },
  id: '2c7c:0901',
  kind: 'module',
  ports: { at: '/dev/ttyUSB0', diag: '/dev/ttyUSB1', nmea: '/dev/ttyUSB6' },
};

const MODULE: IdentifiedDevice = { ...BARE, identity: IDENTITY };

test('a module is shown with who it is and the command that runs on it', () => {
  expect(deviceLines(MODULE, [], plain)).toEqual([
    '1-1.3   EC200U-CN  EC200UCNAAR03A07M08_OCPU  IMEI 861234567890123',
    '        at     /dev/ttyUSB0  AT commands',
    "        nmea   /dev/ttyUSB6  the shim's: qlhil run --module /dev/ttyUSB6",
    '        also   diag ttyUSB1',
  ]);
});

test('one that bench.yaml knows is called by its name there, or by what differs', () => {
  const known = { name: 'lab', usb: '1-1.3', sku: 'EC200U-CN', rpc: 'nmea' as const, labels: [] };

  expect(deviceLines(MODULE, [known], plain)[1]).toBe('        lab of bench.yaml');
  expect(deviceLines(MODULE, [{ ...known, sku: 'EC200U-EU' }], plain)[1]).toBe(
    '        bench.yaml has lab here: SKU EC200U-CN instead of EC200U-EU',
  );
});

test('what can run no shim, or is refused, says why', () => {
  const standard: IdentifiedDevice = { ...BARE, identity: { ...IDENTITY, firmware: 'at' } };

  expect(deviceLines(standard, [], plain)[1]).toMatch(/no shim can be on it$/u);
  expect(deviceLines({ ...BARE, kind: 'refused', note: 'an ASR sibling' }, [], plain)).toEqual([
    '1-1.3   refused  2c7c:0901',
    '        an ASR sibling',
  ]);
});
