import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { plugFixture } from '../discovery/plug-fixture.ts';
import { packageRoot } from '../package-root.ts';
import { powerSwitch } from '../power/power-settings.ts';
import { checkIdentity } from './check-identity.ts';
import { findBenchPort } from './find-bench-port.ts';
import { type BenchModule, budgetsOf, readInventory } from './inventory.ts';

const example = join(packageRoot, 'fixtures', 'benches', 'two-modules.yaml');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function entry(change: Partial<BenchModule> = {}): BenchModule {
  const common = { name: 'm', usb: '1-1.3', imei: '861234567890123', sku: 'EC200U-CN', rpc: 'nmea' } as const;
  return { ...common, labels: [], ...change };
}

test('the example is an inventory', () => {
  expect(readInventory(example).map(({ name, usb, rpc }) => [name, usb, rpc])).toEqual([
    ['ec200u', '1-1.3', 'nmea'],
    ['eg500u', '1-1.10', 'modem'],
  ]);
});

test('what keeps a module alive is commands and numbers, with defaults', () => {
  const [first, second] = readInventory(example);

  expect([first, second].map((module) => module && budgetsOf(module))).toEqual([
    { resetsAnHour: 20, attachesAnHour: 30, bootS: 40 },
    { resetsAnHour: 10, attachesAnHour: 30, bootS: 40 },
  ]);
  expect([first?.power, second?.power].map((power) => power && powerSwitch(power))).toEqual([
    {
      on: ['uhubctl', '-l', '1-1', '-p', '3', '-a', 'on'],
      off: ['uhubctl', '-l', '1-1', '-p', '3', '-a', 'off'],
      offMs: 3000,
    },
    { on: ['relay', '--channel', '3', 'on'], off: ['relay', '--channel', '3', 'off'], offMs: 5000 },
  ]);
});

test.each([
  ['modules:\n  - name: a\n    usb: "1-1"\n    imie: "1"\n', /bench\.yaml:4: .*imie/u],
  ['modules:\n  - name: a\n    usb: "1-1"\n    imei: 861234567890123\n', /:4: modules\.0\.imei: .*quotes/u],
  ['modules:\n  - name: a\n    usb: ttyUSB3\n', /:3: modules\.0\.usb: a USB path looks like 1-1\.3/u],
  [
    'modules:\n  - name: a\n    usb: "1-1"\n    broker:\n      host: x\n      listen: "0.0.0.0:9-1"\n',
    /:6: .*listen: a place/u,
  ],
  ['modules:\n  - name: a\n    usb: "1-1"\n    broker:\n      listen: 0.0.0.0\n', /:5: modules\.0\.broker\.host/u],
  ['modules:\n  - name: a\n    usb: "1-1"\n    rpc: at\n', /:4: modules\.0\.rpc: the RPC port is nmea, modem or acm/u],
  ['modules:\n  - name: a\n    usb: "1-1"\n    sku: EC200U\n', /:4: modules\.0\.sku: a SKU looks like/u],
  ['modules:\n  - name: a\n    usb: "1-1"\n    labels: tls\n', /:4: modules\.0\.labels: /u],
  ['modules:\n  - name: a\n', /:2: modules\.0\.usb: /u],
  ['modules:\n  - {name: a, usb: "1-1"}\n  - {name: a, usb: "1-2"}\n', /two modules have the same name/u],
  ['modules:\n  - {name: a, usb: "1-1"}\n  - {name: b, usb: "1-1"}\n', /two modules are on the same USB path/u],
  ['modules: []\n', /it lists no module/u],
  [
    'modules:\n  - name: a\n    usb: "1-1"\n    tcp: "h:1"\n',
    /:3: modules\.0\.usb: say where it is: usb, or else tcp/u,
  ],
  ['modules:\n  - name: a\n    tcp: "h"\n', /:3: modules\.0\.tcp: a TCP port looks like host:4000/u],
  ['modules:\n  - name: a\n    usb: "1-1"\n    power: uhubctl\n', /:4: modules\.0\.power: power is \{uhubctl/u],
  [
    'modules:\n  - name: a\n    usb: "1-1"\n    power:\n      on: [x, 3]\n      off: [x]\n',
    /:5: modules\.0\.power: power is .* \(numbers in quotes\)/u,
  ],
  [
    'modules:\n  - name: a\n    usb: "1-1"\n    power:\n      uhubctl:\n        location: "1-1"\n        port: 0\n',
    /:7: modules\.0\.power\.uhubctl\.port: ports count from 1/u,
  ],
  [
    'modules:\n  - name: a\n    usb: "1-1"\n    budgets:\n      resetsAnHour: -1\n',
    /:5: modules\.0\.budgets\.resetsAnHour: at least 0/u,
  ],
  ['modules:\n  - name: a\n    usb: "1-1"\n    budgets: {resets: 3}\n', /:4: modules\.0\.budgets.*resets/u],
])('a mistake is named with its line: %j', (text, message) => {
  const path = join(folder, 'bench.yaml');
  writeFileSync(path, text);

  expect(() => readInventory(path)).toThrow(message);
});

test('the port of an entry is found by USB path and role', async () => {
  const roots = plugFixture('two-behind-a-hub', folder);

  expect(await findBenchPort(entry(), roots)).toBe('/dev/ttyUSB13');
  expect(await findBenchPort(entry({ usb: '1-1.10', rpc: 'modem' }), roots)).toBe('/dev/ttyUSB5');
});

test('where udev keeps a link that follows the port through resets, it is the link', async () => {
  const roots = { ...plugFixture('two-behind-a-hub', folder), dev: join(folder, 'dev') };
  const links = join(roots.dev, 'serial', 'by-path');
  mkdirSync(links, { recursive: true });
  writeFileSync(join(roots.dev, 'ttyUSB13'), '');
  symlinkSync('../../ttyUSB13', join(links, 'pci-0000:00:14.0-usb-0:1.3:1.8-port0'));

  expect(await findBenchPort(entry(), roots)).toBe(join(links, 'pci-0000:00:14.0-usb-0:1.3:1.8-port0'));
});

test.each([
  ['one-module', '1-1.3', 'nothing is plugged in at 1-1.3'],
  ['asr-sibling', '1-2', 'at 1-2 is 2c7c:6001: an ASR sibling'],
  ['no-option-driver', '1-1', 'has no nmea port'],
])('with %s plugged in, an entry at %s is refused', async (fixture, usb, why) => {
  await expect(findBenchPort(entry({ usb }), plugFixture(fixture, folder))).rejects.toMatchObject({
    code: 'PORT_LOST',
    message: expect.stringContaining(why),
  });
});

test('another module at the place of one is refused, without telling its IMEI', () => {
  const found = { sku: 'EC200U-EU', revision: 'EC200UEUAAR03A07M08_OCPU', imei: '867777777774711' };

  expect(() => checkIdentity(entry(), found)).toThrow(
    'm: at 1-1.3 is another module than bench.yaml says: SKU EC200U-EU instead of EC200U-CN, IMEI …4711 instead of …0123',
  );
});

test('the module that the inventory names is accepted', () => {
  const found = { sku: 'EC200U-CN', revision: 'EC200UCNAAR03A07M08_OCPU', imei: '861234567890123' };

  expect(() => checkIdentity(entry(), found)).not.toThrow();
});
