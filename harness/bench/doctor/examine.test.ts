import { mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startVirtual } from '../../../test/support/start-virtual.ts';
import { ModuleSession } from '../../module/session.ts';
import { transportFor } from '../../transport/transport-for.ts';
import { type BenchHost, benchHost } from '../discovery/bench-host.ts';
import { plugFixture } from '../discovery/plug-fixture.ts';
import { buildFirmware } from '../firmware-build.ts';
import type { BenchModule } from '../inventory/inventory.ts';
import { parkModule } from '../park-module.ts';
import { CONNECT_BYTE, Middlebox, TLS_BYTE } from '../reach/middlebox.ts';
import type { VirtualModule } from '../virtual-module.ts';
import { CHECKS, type CheckResult, examine } from './examine.ts';
import type { VisitOptions } from './visit.ts';

const BUDGET_MS = 60_000;
let folder = '';
const before = process.env['QLHIL_LOCK_DIR'];
beforeAll(() => buildFirmware('r03'), 600_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-test-'));
  process.env['QLHIL_LOCK_DIR'] = join(folder, 'locks');
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
afterAll(() => {
  if (before === undefined) delete process.env['QLHIL_LOCK_DIR'];
  else process.env['QLHIL_LOCK_DIR'] = before;
});

const home = () => join(folder, 'module');

function plugIn(query = ''): Promise<VirtualModule> {
  return startVirtual(`virtual:EC200U-CN${query}`, { folder: home() });
}

const HERE = { host: '127.0.0.1', listen: '127.0.0.1' };

function visit(change: Partial<VisitOptions> = {}): Promise<readonly CheckResult[]> {
  const host = benchHost('qlhil doctor', home());
  return examine({ host, broker: HERE, folder, nowMs: () => Date.now(), ...change }, () => undefined);
}

const statesOf = (results: readonly CheckResult[]) => results.map(({ check, state }) => [check, state]);

/** What all checks say if this one is bad: it is, what needs it is skipped, and all others are good. */
function statesIfOnly(bad: string): readonly (readonly string[])[] {
  const states = new Map<string, string>();
  for (const { id, needs } of CHECKS) {
    const isSkipped = needs.some((needed) => states.get(needed) !== 'good');
    states.set(id, id === bad ? 'bad' : isSkipped ? 'skipped' : 'good');
  }
  return [...states];
}

/** The states of all checks, and the one that is bad. */
function told(results: readonly CheckResult[]) {
  return { states: statesOf(results), bad: results.find(({ state }) => state === 'bad') };
}

function only(check: string, saw: string): unknown {
  const mend = expect.stringMatching(/.{10}/u);
  return { states: statesIfOnly(check), bad: { check, state: 'bad', saw: expect.stringContaining(saw), mend } };
}

test(
  'a bench on which all is well has nothing to mend',
  async () => {
    await using _ = await plugIn();

    const results = await visit();

    expect(statesOf(results)).toEqual(CHECKS.map(({ id }) => [id, 'good']));
  },
  BUDGET_MS,
);

test.each([
  ['sim', 'set sim absent', 'SIM not inserted'],
  ['registration', 'set registration denied', 'denied'],
  ['signal', 'set csq 3', '-107 dBm'],
  ['signal', 'set csq 99', 'unknown'],
  ['clock', 'set clock.offset_s -86400', "the module's clock minus ours is -8"],
  ['data-call', 'set datacall refused', 'NETWORK_FAILED'],
  ['firmware', 'set revision LC76GABNR01A01', 'SKU unknown'],
])(
  'exactly %s is red after "%s"',
  async (check, line, saw) => {
    await using module = await plugIn();
    await module.control(line);

    expect(told(await visit())).toEqual(only(check, saw));
  },
  BUDGET_MS,
);

test(
  'exactly the lock is red while somebody else has the module',
  async () => {
    await using _ = await plugIn();
    await using other = await benchHost('nightly run', home()).lock('1-1');

    expect(told(await visit())).toEqual(only('lock', 'nightly run'));
    expect(other).toBeDefined();
  },
  BUDGET_MS,
);

test(
  'exactly the rights are red when a port can not be opened',
  async () => {
    await using _ = await plugIn();
    rmSync(join(home(), 'dev', 'ttyUSB3'));

    expect(told(await visit())).toEqual(only('rights', 'ttyUSB3'));
  },
  BUDGET_MS,
);

test.each([
  ['at', 'ttyUSB0', 'did not answer AT'],
  ['shim', 'ttyUSB3', 'hello'],
])(
  'exactly %s is red when its port is silent',
  async (check, tty, saw) => {
    await using _ = await plugIn();
    const dev = join(home(), 'dev');
    rmSync(join(dev, tty));
    symlinkSync(readlinkSync(join(dev, 'ttyUSB1')), join(dev, tty)); // the diagnostic port says nothing

    expect(told(await visit({ shimBudgetMs: 1_000 }))).toEqual(only(check, saw));
  },
  BUDGET_MS,
);

test(
  'exactly autosuspend is red where the kernel may put the module to sleep',
  async () => {
    await using _ = await plugIn();
    const power = join(home(), 'sys/bus/usb/devices/1-1/power');
    mkdirSync(power);
    writeFileSync(join(power, 'control'), 'auto\n');

    expect(told(await visit())).toEqual(only('autosuspend', 'may put it to sleep'));
  },
  BUDGET_MS,
);

test(
  'exactly ModemManager is red where it runs without a rule',
  async () => {
    await using _ = await plugIn();
    const host: BenchHost = { ...benchHost('qlhil doctor', home()), findProbers: async () => ['ModemManager'] };

    expect(told(await visit({ host }))).toEqual(only('modem-manager', 'ModemManager runs'));
  },
  BUDGET_MS,
);

test(
  'exactly the disk is red where records can not be written',
  async () => {
    await using _ = await plugIn();

    expect(told(await visit({ folder: join(folder, 'none') }))).toEqual(only('disk', 'ENOENT'));
  },
  BUDGET_MS,
);

test.each([
  ['usb', 'asr-sibling', 'ASR sibling'],
  ['usb', 'download-beside-gadget', 'download mode'],
  ['usb', 'two-behind-a-hub', '2 modules: 1-1.3, 1-1.10'],
  ['ports', 'no-option-driver', 'no driver'],
])('exactly %s is red with %s plugged in', async (check, fixture, saw) => {
  plugFixture(fixture, home());

  const results = await visit();

  expect(results.filter(({ state }) => state === 'bad')).toMatchObject([{ check, saw: expect.stringContaining(saw) }]);
});

const entry: BenchModule = { name: 'lab', usb: '1-1', imei: '861234567890123', rpc: 'nmea', labels: [] };

test(
  'exactly the identity is red when another module is plugged in than the inventory says',
  async () => {
    await using _ = await plugIn();

    const found = await visit({ expected: entry, usbPath: '1-1' });

    expect(told(found)).toEqual(only('identity', 'IMEI …0011 instead of …0123'));
  },
  BUDGET_MS,
);

test(
  'exactly broker-tcp is red when nobody said where the broker is',
  async () => {
    await using _ = await plugIn();
    const { broker: __, ...unsaid } = {
      host: benchHost('qlhil doctor', home()),
      folder,
      nowMs: () => Date.now(),
      broker: HERE,
    };

    expect(told(await examine(unsaid, () => undefined))).toEqual(only('broker-tcp', 'nobody said'));
  },
  BUDGET_MS,
);

test(
  'exactly broker-tcp is red when the way ends before this machine, and both sides say so',
  async () => {
    await using _ = await plugIn();

    const results = await visit({ broker: { ...HERE, host: '127.0.0.2' } });

    expect(told(results)).toEqual(
      only('broker-tcp', 'status 254 MQTT_CONNECT_TCP_CONNECTED_FAILURE; here: nobody came to 127.0.0.1:'),
    );
  },
  BUDGET_MS,
);

test(
  'exactly broker-mqtt is red when something on the way keeps what is not TLS, and both sides say so',
  async () => {
    await using _ = await plugIn('?set.mqtt.connack_ms=300');
    await using middlebox = await Middlebox.open('127.0.0.2', (first) => (first === CONNECT_BYTE ? 'keep' : 'pass'));

    const results = await visit({ broker: middlebox.address });

    expect(told(results)).toEqual(
      only('broker-mqtt', 'status 257 MQTT_CONNECT_TIMEOUT; here: a connection from 127.0.0.1, and nothing'),
    );
  },
  BUDGET_MS,
);

test(
  'exactly broker-tls is red when something on the way ends TLS, and both sides say so',
  async () => {
    await using _ = await plugIn();
    await using middlebox = await Middlebox.open('127.0.0.2', (first) => (first === TLS_BYTE ? 'reset' : 'pass'));

    const results = await visit({ broker: middlebox.address });

    expect(told(results)).toEqual(
      only('broker-tls', 'status 256 MQTT_CONNECT_DISCONNECTED; here: a connection from 127.0.0.1'),
    );
  },
  BUDGET_MS,
);

test(
  'a data call that was down is up for the visit only, by the access point that was named',
  async () => {
    await using module = await plugIn();
    const port = module.port;
    await parkModule(port);

    const results = await visit({ apn: 'lab.private' });

    expect(results.find(({ check }) => check === 'data-call')?.saw).toMatch(/^can be brought up, 10\./u);
    await using session = await ModuleSession.open({ transport: transportFor(port) });
    expect((await session.request('network.status', {})).dataCall).toBe(false);
  },
  BUDGET_MS,
);
