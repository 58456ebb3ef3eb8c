import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { SerialPort } from 'serialport';
import { buildFirmware } from '../bench/firmware-build.ts';
import { packageRoot } from '../bench/package-root.ts';
import { systemClock } from '../clock.ts';
import type { BytePort } from './byte-port.ts';
import { flash } from './flash.ts';
import type { FlashOptions, FlashReport } from './flash-options.ts';
import { samplePac } from './sim/sample-pac.ts';
import { type FlashHost, isModule } from './target/flash-host.ts';
import { scanUsb } from './target/scan-usb.ts';
import { serialBytePort } from './target/serial-byte-port.ts';
import { waitForDevice } from './target/wait-for-device.ts';

const BUILD_MS = 600_000;
const FLASH_MS = 60_000;
/** A process of its own, hence from what the build made. */
const BOOT_ROM = join(packageRoot, 'dist/harness/flash/sim/boot-rom.js');
const REVISION = 'EG500UCNABR02A09M08_OCPU_QLHIL';

let firmware: string;
let folder: string;
let unplug: (() => Promise<void>) | undefined;

beforeAll(async () => {
  firmware = await buildFirmware('manual');
}, BUILD_MS);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-vflash-'));
});

afterEach(async () => {
  await unplug?.();
  rmSync(folder, { recursive: true });
});

/** @param once arguments of the boot ROM at its first start only */
async function plug(once: string): Promise<void> {
  const rom = `${process.execPath} ${BOOT_ROM}`;
  const mark = join(folder, 'rom-ran');
  const command = `if [ -e ${mark} ]; then exec ${rom}; fi; touch ${mark}; exec ${rom} ${once}`;
  const supervisor = spawn(firmware, ['--dir', folder, '--sku', 'EG500U-CN', '--boot-rom', command], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => {
    supervisor.once('close', resolve);
  });
  unplug = async () => {
    supervisor.stdin.end();
    await ended;
  };
  supervisor.stdout.setEncoding('utf8');
  await new Promise<void>((resolve) => {
    supervisor.stdout.on('data', (text: string) => {
      if (text.includes('"plugged"')) resolve();
    });
  });
}

const host: FlashHost = {
  listDevices: async () => await scanUsb({ sys: join(folder, 'sys'), dev: join(folder, 'dev') }),
  openPort: async (path) => serialBytePort(await openSerial(path)),
  findContenders: async () => [],
  lock: async () => ({ [Symbol.asyncDispose]: async () => undefined }),
};

async function openSerial(path: string): Promise<SerialPort> {
  const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false, hupcl: false, lock: true });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(error) : resolve()));
  });
  return port;
}

/** What a flasher does that follows CHANGE_BAUD with its own end of the line. */
function changesSpeed(port: SerialPort): BytePort {
  const inner = serialBytePort(port);
  const write = async (bytes: Uint8Array): Promise<void> => {
    if (Buffer.from(bytes).toString('hex') === '7e00000000ffff7e')
      await new Promise<void>((resolve) => {
        port.update({ baudRate: 9600 }, () => resolve());
      });
    await inner.write(bytes);
  };
  return { ...inner, write };
}

async function run(options: Partial<FlashOptions> = {}, on: FlashHost = host): Promise<FlashReport> {
  return await flash(
    {
      pacPath: join(folder, 'app.pac'),
      sku: 'EG500U-CN',
      knownSkus: ['EG500U-CN'],
      journalFolder: join(folder, 'journal'),
      ...options,
    },
    { host: on, clock: systemClock, onProgress: () => undefined, onNotice: () => undefined },
  );
}

test(
  'a virtual module is flashed over its terminal and comes back with the revision of the new application',
  async () => {
    const sample = samplePac({ revision: REVISION, files: [{ name: 'user/a.txt', bytes: Buffer.from('hello') }] });
    writeFileSync(join(folder, 'app.pac'), sample.pac);
    await plug('');

    const report = await run({ expectRevision: REVISION });

    expect(report.error).toBeUndefined();
    expect(report).toMatchObject({ ok: true, after: { revision: REVISION } });
    expect(
      readFileSync(join(folder, 'state/flash.bin'))
        .subarray(0x25_0000, 0x25_0000 + sample.app.length)
        .equals(sample.app),
    ).toBe(true);
    expect(readFileSync(join(folder, 'state/prepack/user/a.txt'), 'utf8')).toBe('hello');
  },
  FLASH_MS,
);

test(
  'a device that leaves in the middle of a file is told as such, and the next flash repairs it',
  async () => {
    writeFileSync(join(folder, 'app.pac'), samplePac({ revision: REVISION }).pac);
    await plug('--fault vanish-at:120000');

    const report = await run();
    await waitForDevice(host, systemClock, {
      usbPath: '1-1',
      budgetMs: FLASH_MS,
      accept: (device) => (device !== undefined && isModule(device) ? true : undefined),
    });
    const repaired = await run({ expectRevision: REVISION });

    expect(report).toMatchObject({
      ok: false,
      exitCode: 3,
      error: { code: 'FLASH_PORT_VANISHED', left: 'unknown', data: { fileId: 'APPIMG' } },
    });
    expect(repaired.error).toBeUndefined();
  },
  FLASH_MS,
);

test(
  'a flasher that changes the speed of its terminal kills the loader behind it',
  async () => {
    writeFileSync(join(folder, 'app.pac'), samplePac({ revision: REVISION }).pac);
    await plug('');
    const careless: FlashHost = { ...host, openPort: async (path) => changesSpeed(await openSerial(path)) };

    const report = await run({ timeouts: { connectMs: 300 } }, careless);

    expect(report).toMatchObject({
      ok: false,
      error: { code: 'FLASH_BSL_TIMEOUT', left: 'loader', data: { operation: 'CONNECT' } },
    });
  },
  FLASH_MS,
);
