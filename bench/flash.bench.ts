import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import type { VirtualModule } from '../harness/bench/virtual-module.ts';
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
import { startVirtual } from '../test/support/start-virtual.ts';
import { serialPingPong } from './bare/serial-ping-pong.ts';
import { atLeast, type Measure, median } from './measure.ts';

/*
 * How much of the line our flasher uses: the time from one data frame of an application to the next, written to a virtual
 * module over its terminal, against a program that only writes the same frames and waits for the same number of bytes.
 * Medians over the frames of a round, the two taken in turns: what disturbs a shared machine disturbs a few of them.
 */
const ROUNDS = 20;
const APP_BYTES = 1_000_000;
const BAR = 0.8;
const REVISION = 'EG500UCNABR02A09M08_OCPU_QLHIL';
const START_OF_APP = '7e0001000860250000';
const END = '7e00030000fffc7e';

const { pac } = samplePac({ revision: REVISION, sizes: { fdl1: 13_504, fdl2: 59_680, app: APP_BYTES } });
const folder = mkdtempSync(join(tmpdir(), 'qlhil-bench-'));
/** Only in a first round that does not count. */
let isRecording = true;
const writtenAt: number[] = [];
const recorded: { frame: Buffer; answerBytes: number }[] = [];

const host: FlashHost = {
  listDevices: async () => await scanUsb({ sys: join(folder, 'sys'), dev: join(folder, 'dev') }),
  openPort: async (path) => recording(serialBytePort(await open(path)), path.includes('ttyACM')),
  findContenders: async () => [],
  lock: async () => ({ [Symbol.asyncDispose]: async () => undefined }),
};

/** A minute or so. */
export async function* measures(): AsyncGenerator<Measure> {
  await using _ = await plug();
  try {
    writeFileSync(join(folder, 'app.pac'), pac);
    await writeOurs();
    isRecording = false;
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round++) ratios.push(median(await writeBare()) / median(await writeOurs()));
    yield atLeast({
      name: 'flash over a terminal against bare serialport',
      value: median(ratios),
      unit: '×',
      bar: BAR,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds from each data frame of the application to the next. */
async function writeOurs(): Promise<readonly number[]> {
  writtenAt.length = 0;
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
  if (!report.ok) throw new Error(`the flash failed: ${JSON.stringify(report.error)}`);
  return steps(writtenAt);
}

async function writeBare(): Promise<readonly number[]> {
  const found = await waitForModule();
  const path = found.ports.find(({ interfaceNumber }) => interfaceNumber === AT_INTERFACE)?.path ?? '';
  const at = new AtSession(serialBytePort(await open(path)), path);
  const download = await enterDownload(at, found, host, systemClock);
  return steps(await serialPingPong(download.ports[0]?.path ?? '', recorded));
}

/** The data frames of the application are all between its START and its END. */
function steps(times: readonly number[]): readonly number[] {
  const first = recorded.findIndex(({ frame }) => frame.toString('hex', 0, 9) === START_OF_APP);
  const last = recorded.findIndex(({ frame }, index) => index > first && frame.toString('hex').startsWith(END));
  return times.slice(first + 2, last - 1).map((time, index) => time - (times[first + 1 + index] ?? 0));
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

function plug(): Promise<VirtualModule> {
  const bootRom = `${process.execPath} ${join(import.meta.dirname, '../dist/harness/flash/sim/boot-rom.js')}`;
  return startVirtual('virtual', { folder, bootRom });
}

async function open(path: string): Promise<SerialPort> {
  const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false, hupcl: false, lock: true });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(error) : resolve()));
  });
  return port;
}

/** Notes when our flasher writes; in the first round also what, and how many bytes it gets for it. */
function recording(port: BytePort, isDownload: boolean): BytePort {
  if (!isDownload) return port;
  const keeps = isRecording;
  return {
    ...port,
    write: async (bytes) => {
      writtenAt.push(performance.now());
      if (keeps) recorded.push({ frame: Buffer.from(bytes), answerBytes: 0 });
      await port.write(bytes);
    },
    onData: (listener) =>
      port.onData((bytes) => {
        const last = recorded.at(-1);
        if (keeps && last !== undefined) last.answerBytes += bytes.length;
        listener(bytes);
      }),
  };
}
