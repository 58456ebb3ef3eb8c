import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { SerialPort } from 'serialport';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { systemClock } from '../harness/clock.ts';
import type { BytePort } from '../harness/flash/byte-port.ts';
import { flash } from '../harness/flash/flash.ts';
import { samplePac } from '../harness/flash/sim/sample-pac.ts';
import { AtSession } from '../harness/flash/target/at-session.ts';
import { enterDownload } from '../harness/flash/target/enter-download.ts';
import { AT_INTERFACE, type FlashHost, isModule } from '../harness/flash/target/flash-host.ts';
import { scanUsb } from '../harness/flash/target/scan-usb.ts';
import { serialBytePort } from '../harness/flash/target/serial-byte-port.ts';
import { waitForDevice } from '../harness/flash/target/wait-for-device.ts';
import { type PingPong, serialPingPong } from './bare/serial-ping-pong.ts';

/*
 * How much of the line our flasher uses: bytes per second of one application, written to a virtual module over its terminal,
 * against a program that only writes the same frames and waits for the same number of bytes. Prints one JSON line.
 */
const ROUNDS = 5;
const APP_BYTES = 1_000_000;
const BAR = 0.8;
const REVISION = 'EG500UCNABR02A09M08_OCPU';
const START_OF_APP = '7e0001000860250000';
const END = '7e00030000fffc7e';

const { pac } = samplePac({ revision: REVISION, sizes: { fdl1: 13_504, fdl2: 59_680, app: APP_BYTES } });
const folder = mkdtempSync(join(tmpdir(), 'qlhil-bench-'));
/** Only in a first round that does not count. */
let isRecording = true;
const recorded: { frame: Buffer; answerBytes: number }[] = [];

const host: FlashHost = {
  listDevices: async () => await scanUsb({ sys: join(folder, 'sys'), dev: join(folder, 'dev') }),
  openPort: async (path) => recording(serialBytePort(await open(path)), path.includes('ttyACM')),
  findContenders: async () => [],
  lock: async () => ({ [Symbol.asyncDispose]: async () => undefined }),
};

const supervisor = await plug();
try {
  writeFileSync(join(folder, 'app.pac'), pac);
  const ours: number[] = [];
  const bare: number[] = [];
  await writeOurs();
  isRecording = false;
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await writeOurs());
    bare.push(await writeBare(recorded));
  }
  // The fastest of each: what slows a round down is the machine, not the program.
  const value = Number((Math.min(...bare) / Math.min(...ours)).toFixed(3));
  const line = {
    name: 'flash.throughput-over-terminal',
    value,
    unit: 'of bare serialport',
    bar: BAR,
    ok: value >= BAR,
  };
  const detail = {
    ours: ours.map(Math.round),
    bare: bare.map(Math.round),
    oursKiBPerS: rate(Math.min(...ours)),
    bareKiBPerS: rate(Math.min(...bare)),
    rounds: ROUNDS,
  };
  process.stdout.write(`${JSON.stringify({ ...line, ...detail })}\n`);
  process.exitCode = line.ok ? 0 : 1;
} finally {
  await unplug(supervisor);
  rmSync(folder, { recursive: true });
}

/** Milliseconds for the application, from its START to the answer to its END. */
async function writeOurs(): Promise<number> {
  await waitForModule();
  const report = await flash(
    {
      pacPath: join(folder, 'app.pac'),
      sku: 'EG500U-CN',
      knownSkus: [],
      journalFolder: join(folder, 'journal'),
      verify: false,
    },
    { host, clock: systemClock, onProgress: () => undefined, onNotice: () => undefined },
  );
  const app = report.written.find(({ id }) => id === 'APPIMG');
  if (app === undefined || !report.ok) throw new Error(`the flash failed: ${JSON.stringify(report.error)}`);
  return app.ms;
}

async function writeBare(frames: readonly PingPong[]): Promise<number> {
  const module = await waitForModule();
  const path = module.ports.find(({ interfaceNumber }) => interfaceNumber === AT_INTERFACE)?.path ?? '';
  const at = new AtSession(serialBytePort(await open(path)), path);
  const download = await enterDownload(at, module, host, systemClock);
  const times = await serialPingPong(download.ports[0]?.path ?? '', frames);
  const first = frames.findIndex(({ frame }) => frame.toString('hex').startsWith(START_OF_APP));
  const last = frames.findIndex(({ frame }, index) => index > first && frame.toString('hex').startsWith(END));
  return (times[last] ?? 0) - (times[first - 1] ?? 0);
}

async function waitForModule(): Promise<Awaited<ReturnType<FlashHost['listDevices']>>[number]> {
  const found = await waitForDevice(host, systemClock, {
    usbPath: '1-1',
    budgetMs: 20_000,
    accept: (device) => (device !== undefined && isModule(device) ? device : undefined),
  });
  if (found === undefined) throw new Error('the virtual module did not come');
  return found;
}

async function plug(): Promise<ChildProcessByStdio<Writable, Readable, null>> {
  const rom = `${process.execPath} ${join(import.meta.dirname, '../harness/flash/sim/boot-rom.js')}`;
  const firmware = await buildFirmware('manual');
  const words = ['--dir', folder, '--sku', 'EG500U-CN', '--boot-rom', rom];
  const started = spawn(firmware, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  started.stdout.resume();
  return started;
}

async function unplug(running: ChildProcessByStdio<Writable, Readable, null>): Promise<void> {
  const ended = new Promise((resolve) => {
    running.once('close', resolve);
  });
  running.stdin.end();
  await ended;
}

async function open(path: string): Promise<SerialPort> {
  const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false, hupcl: false, lock: true });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(error) : resolve()));
  });
  return port;
}

/** Keeps what our flasher says, and how many bytes it gets for it, as the other one's script. */
function recording(port: BytePort, isDownload: boolean): BytePort {
  if (!isDownload || !isRecording) return port;
  return {
    ...port,
    write: async (bytes) => {
      recorded.push({ frame: Buffer.from(bytes), answerBytes: 0 });
      await port.write(bytes);
    },
    onData: (listener) =>
      port.onData((bytes) => {
        const last = recorded.at(-1);
        if (last !== undefined) last.answerBytes += bytes.length;
        listener(bytes);
      }),
  };
}

function rate(ms: number): number {
  return Math.round(APP_BYTES / 1.024 / ms);
}
