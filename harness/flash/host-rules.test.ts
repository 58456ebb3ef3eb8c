import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { systemClock } from '../clock.ts';
import { BSL_COMMAND } from './bsl/bsl-code.ts';
import { BslFrameReader } from './bsl/bsl-frame-reader.ts';
import { encodeBslFrame, encodeBslFrameForUsb } from './bsl/encode-bsl-frame.ts';
import type { BytePort } from './byte-port.ts';
import { flash } from './flash.ts';
import type { FlashReport } from './flash-options.ts';
import { buildAppImage } from './image/app-image.ts';
import { buildAppPac } from './pac/build-app-pac.ts';
import { REALISTIC } from './sim/flash-memory.ts';
import { samplePac } from './sim/sample-pac.ts';
import { SimulatedBench } from './sim/simulated-bench.ts';
import type { SimulatedModule } from './sim/simulated-module.ts';
import { SimulatedPort } from './sim/simulated-port.ts';

const OLD = { model: 'EG500U', revision: 'EG500UCNABR02A01M08_OCPU', imei: '861234567890123' };
const sample = samplePac({ revision: 'EG500UCNABR02A02M08_OCPU' });
const small = samplePac({ revision: 'x', sizes: { fdl1: 2000, fdl2: 3000, app: 100 } });
/** Its last data frame has 64 bytes. */
const whole = buildAppPac('x', {
  fdl1: small.fdl1,
  fdl2: small.fdl2,
  app: buildAppImage(Buffer.alloc(2048 + 56 - 128, 0x11)),
});
const ACK = encodeBslFrame(0x80);

let folder: string;
let bench: SimulatedBench;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
  folder = mkdtempSync(join(tmpdir(), 'qlhil-flash-'));
  bench = new SimulatedBench();
});

afterEach(() => {
  jest.useRealTimers();
  rmSync(folder, { recursive: true });
});

async function run(pac: Buffer = sample.pac): Promise<FlashReport> {
  writeFileSync(join(folder, 'EG500U-CN.pac'), pac);
  const ended = flash(
    { pacPath: join(folder, 'EG500U-CN.pac'), knownSkus: ['EG500U-CN'], journalFolder: folder },
    { host: bench, clock: systemClock, onProgress: () => undefined, onNotice: () => undefined },
  );
  await jest.runAllTimersAsync();
  return await ended;
}

/** Our flasher with one of its rules taken away, as the port would see it. */
abstract class Mutant implements BytePort {
  protected inner: SimulatedPort;
  protected readonly module: SimulatedModule;
  protected listener: (bytes: Buffer) => void = () => undefined;
  #onClose: (reason: Error | undefined) => void = () => undefined;

  constructor(inner: SimulatedPort, module: SimulatedModule) {
    this.inner = inner;
    this.module = module;
    inner.onData((bytes) => this.receive(bytes));
  }

  abstract write(bytes: Uint8Array): Promise<void>;

  protected receive(bytes: Buffer): void {
    this.listener(bytes);
  }

  protected reopen(): void {
    this.inner = this.module.openDownload();
    this.inner.onData((bytes) => this.receive(bytes));
    this.inner.onClose((reason) => this.#onClose(reason));
  }

  onData(listener: (bytes: Buffer) => void): void {
    this.listener = listener;
  }

  onClose(listener: (reason: Error | undefined) => void): void {
    this.#onClose = listener;
    this.inner.onClose(listener);
  }

  async close(): Promise<void> {
    await this.inner.close();
  }
}

function commandIn(bytes: Uint8Array): { readonly type: number; readonly payload: Buffer } | undefined {
  const [frame] = new BslFrameReader().push(bytes);
  return frame?.kind === 'frame' ? frame : undefined;
}

class OpensAgain extends Mutant {
  async write(bytes: Uint8Array): Promise<void> {
    if (commandIn(bytes)?.type === BSL_COMMAND.START_DATA) this.reopen();
    await this.inner.write(bytes);
  }
}

class ChangesSpeed extends Mutant {
  async write(bytes: Uint8Array): Promise<void> {
    if (commandIn(bytes)?.type === BSL_COMMAND.CONNECT) this.inner.setLine();
    await this.inner.write(bytes);
  }
}

/** A modem manager on the same machine, which nothing told to leave the port alone. */
class IsProbed extends Mutant {
  async write(bytes: Uint8Array): Promise<void> {
    if (commandIn(bytes)?.type === BSL_COMMAND.END_DATA) this.module.openDownload();
    await this.inner.write(bytes);
  }
}

class SendsWholePackets extends Mutant {
  async write(bytes: Uint8Array): Promise<void> {
    const isPadded = bytes.length % 64 === 1 && bytes.at(-2) === 0x7e;
    await this.inner.write(isPadded ? bytes.subarray(0, -1) : bytes);
  }
}

class DoesNotWait extends Mutant {
  #swallow = 0;

  async write(bytes: Uint8Array): Promise<void> {
    await this.inner.write(bytes);
    if (commandIn(bytes)?.type !== BSL_COMMAND.MIDST_DATA) return;
    this.#swallow++;
    queueMicrotask(() => this.listener(ACK));
  }

  protected override receive(bytes: Buffer): void {
    if (this.#swallow > 0) this.#swallow--;
    else super.receive(bytes);
  }
}

class SendsLongFrames extends Mutant {
  #kept: Buffer | undefined;

  async write(bytes: Uint8Array): Promise<void> {
    const command = commandIn(bytes);
    if (command?.type !== BSL_COMMAND.MIDST_DATA || command.payload.length < 0x800)
      return await this.inner.write(bytes);
    if (this.#kept === undefined) {
      this.#kept = command.payload;
      queueMicrotask(() => this.listener(ACK));
      return undefined;
    }
    const joined = Buffer.concat([this.#kept, command.payload]);
    this.#kept = undefined;
    return await this.inner.write(encodeBslFrameForUsb(BSL_COMMAND.MIDST_DATA, joined));
  }
}

test.each([
  ['opens the port again', OpensAgain, sample.pac],
  ['changes the speed', ChangesSpeed, sample.pac],
  ['lets another program probe the port', IsProbed, sample.pac],
  ['leaves out the flag after whole packets', SendsWholePackets, whole],
  ['does not wait for an ACK', DoesNotWait, sample.pac],
  ['sends frames longer than the loader takes', SendsLongFrames, sample.pac],
] as const)('a flasher that %s is refused by the device, mostly with silence', async (_, MutantPort, pac) => {
  const module = bench.plug({ identity: OLD, timing: REALISTIC });
  bench.wrap = (port) => (port instanceof SimulatedPort ? new MutantPort(port, module) : port);

  const report = await run(pac);

  expect(report).toMatchObject({
    ok: false,
    exitCode: 3,
    error: { code: expect.stringMatching(/^FLASH_(BSL_TIMEOUT|REPLY_UNEXPECTED)$/u) },
  });
});

test.each([
  ['any application', sample.pac],
  ['frames of whole USB packets', whole],
])('our flasher, with %s, opens the port once and is served by the same device at the same speed', async (_, pac) => {
  let opened = 0;
  const module = bench.plug({ identity: OLD, timing: REALISTIC });
  bench.wrap = (port) => {
    opened = Math.max(opened, module.opened);
    return port;
  };

  const report = await run(pac);

  expect(report.error).toBeUndefined();
  expect(opened).toBe(1);
});

test('a program that would probe the port stops the flash before it begins', async () => {
  bench.plug({ identity: OLD });
  bench.contenders = ['ModemManager'];

  const report = await run();

  expect(report).toMatchObject({ exitCode: 3, error: { code: 'FLASH_PORT_CONTENDED', left: 'untouched' } });
});

test('whatever an application holds and however long it is, flash ends up equal to it', async () => {
  const payload = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 9000 }),
    // Nothing but what must be escaped, at lengths around the multiples of 64 that USB holds back.
    fc.integer({ min: 1, max: 5000 }).map((length) => new Uint8Array(length).fill(0x7e)),
    fc.integer({ min: 1, max: 5000 }).map((length) => new Uint8Array(length).fill(0x7d)),
  );
  await fc.assert(
    fc.asyncProperty(payload, fc.nat(1000), async (bytes, splitSeed) => {
      bench = new SimulatedBench();
      const module = bench.plug({ identity: OLD, device: { splitSeed } });
      const app = buildAppImage(bytes);

      const report = await run(buildAppPac('x', { fdl1: small.fdl1, fdl2: small.fdl2, app }));

      expect(report.error).toBeUndefined();
      expect(module.storage.memory.bytes.subarray(0x25_0000, 0x25_0000 + app.length).equals(app)).toBe(true);
    }),
    { numRuns: 25 },
  );
});
