import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { systemClock } from '../clock.ts';
import { BSL_REPLY, type BslCommandName } from './bsl/bsl-code.ts';
import { flash } from './flash.ts';
import type { FlashFailureCode } from './flash-failure.ts';
import type { FlashOptions, FlashReport } from './flash-options.ts';
import { PDL_RESPONSES } from './pdl/pdl-packet.ts';
import { samplePac } from './sim/sample-pac.ts';
import type { LoaderStage, SimFault } from './sim/sim-fault.ts';
import { SimulatedBench } from './sim/simulated-bench.ts';
import type { SimulatedModuleOptions } from './sim/simulated-module.ts';

const OLD = { model: 'EG500U', revision: 'EG500UCNABR02A01M08_OCPU', imei: '861234567890123' };
const sizes = { fdl1: 3000, fdl2: 6000, app: 9000 };
const sample = samplePac({
  revision: 'EG500UCNABR02A02M08_OCPU',
  sizes,
  files: [{ name: 'user/a.txt', bytes: Buffer.alloc(3000, 1) }],
});

let folder: string;
let bench: SimulatedBench;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
  folder = mkdtempSync(join(tmpdir(), 'qlhil-flash-'));
  bench = new SimulatedBench();
  writeFileSync(join(folder, 'EG500U-CN_app.pac'), sample.pac);
});

afterEach(() => {
  jest.useRealTimers();
  rmSync(folder, { recursive: true });
});

async function run(options: Partial<FlashOptions> = {}): Promise<FlashReport> {
  const ended = flash(
    { pacPath: join(folder, 'EG500U-CN_app.pac'), knownSkus: ['EG500U-CN'], journalFolder: folder, ...options },
    { host: bench, clock: systemClock, onProgress: () => undefined, onNotice: () => undefined },
  );
  await jest.runAllTimersAsync();
  return await ended;
}

async function runWith(...faults: readonly SimFault[]): Promise<FlashReport> {
  bench.plug({ identity: OLD, faults });
  return await run();
}

function reply(stage: LoaderStage, command: BslCommandName, nth: number, type: number): SimFault {
  return { kind: 'reply', stage, command, nth, how: { act: 'error', type } };
}

/** Fault, failure, exit code, state of the module, and words that must be in the advice. */
type Row = readonly [
  what: string,
  fault: SimFault,
  code: FlashFailureCode,
  exitCode: number,
  left: string,
  advice: string,
];

const LOST = { act: 'lose' } as const;

test.each<Row>([
  ['a silent ROM', { kind: 'rom-silent' }, 'FLASH_ROM_SILENT', 3, 'loader', 'USB_BOOT'],
  ['a ROM that is busy for ever', { kind: 'rom-busy', connects: 9 }, 'FLASH_ROM_SILENT', 3, 'loader', 'USB_BOOT'],
  [
    'a ROM that rejects the loader',
    { kind: 'pdl-error', command: 'EXEC_DATA', response: 9 },
    'FLASH_FDL1_REJECTED',
    2,
    'loader',
    'signed for another product',
  ],
  ['a ROM that stops', { kind: 'silent-at', bytes: 1000 }, 'FLASH_PDL_TIMEOUT', 3, 'loader', 'power-cycle'],
  ['no version', { kind: 'version-missing' }, 'FLASH_NO_VERSION', 3, 'loader', 'power-cycle'],
  [
    'another version',
    { kind: 'version-wrong', text: 'SPRD3' },
    'FLASH_WRONG_VERSION',
    3,
    'loader',
    'no loader of the 8910',
  ],
  ['a version told twice', { kind: 'version-twice' }, 'FLASH_REPLY_UNEXPECTED', 3, 'loader', 'another program'],
  [
    'a damaged answer',
    { kind: 'reply', stage: 'fdl2', command: 'START_DATA', nth: 1, how: { act: 'corrupt' } },
    'FLASH_REPLY_CORRUPT',
    3,
    'restarted',
    'cable',
  ],
  [
    'a lost ACK of START',
    { kind: 'reply', stage: 'fdl2', command: 'START_DATA', nth: 1, how: LOST },
    'FLASH_BSL_TIMEOUT',
    3,
    'restarted',
    'flash again',
  ],
  [
    'a lost ACK of END',
    { kind: 'reply', stage: 'fdl2', command: 'END_DATA', nth: 1, how: LOST },
    'FLASH_BSL_TIMEOUT',
    3,
    'restarted',
    'flash again',
  ],
  [
    'no ACK of EXEC',
    { kind: 'reply', stage: 'fdl1', command: 'EXEC_DATA', nth: 1, how: LOST },
    'FLASH_BSL_TIMEOUT',
    3,
    'loader',
    'power-cycle',
  ],
  [
    'a foreign signature on FDL2',
    reply('fdl1', 'END_DATA', 1, BSL_REPLY.SEC_VERIFY_ERROR),
    'FLASH_FDL2_REJECTED',
    2,
    'loader',
    'signed for another product',
  ],
  ['a file that never compares', { kind: 'bit-flip', times: 2 }, 'FLASH_BSL_REFUSED', 1, 'restarted', 'flash again'],
  [
    'silence in the middle of a file',
    { kind: 'silent-at', bytes: 18_000 },
    'FLASH_BSL_TIMEOUT',
    3,
    'unknown',
    'power cycle',
  ],
  [
    'a port that vanishes in the ROM',
    { kind: 'vanish-at', bytes: 2000 },
    'FLASH_PORT_VANISHED',
    3,
    'loader',
    'cable and power',
  ],
  [
    'a port that vanishes in a file',
    { kind: 'vanish-at', bytes: 18_000 },
    'FLASH_PORT_VANISHED',
    3,
    'unknown',
    'cable and power',
  ],
  [
    'a file that does not fit the file system',
    {
      kind: 'reply',
      stage: 'fdl2',
      command: 'MIDST_DATA',
      nth: 6,
      how: { act: 'error-then-ack', type: BSL_REPLY.WRITE_ERROR },
    },
    'FLASH_BSL_REFUSED',
    1,
    'restarted',
    'file system',
  ],
])('%s is told by its own code, exit code, state and advice', async (_, fault, code, exitCode, left, advice) => {
  const report = await runWith(fault);

  expect(report).toMatchObject({ ok: false, exitCode, error: { code, left } });
  expect(report.error?.advice).toContain(advice);
  expect(readFileSync(join(folder, 'flash-1-1.ndjson'), 'utf8')).toContain(`"event":"end","ok":false,"code":"${code}"`);
});

test.each(PDL_RESPONSES.slice(1).map((name, index) => [name, index + 1] as const))(
  'the answer %s of the boot ROM is told by its name',
  async (name, response) => {
    const report = await runWith({ kind: 'pdl-error', command: 'MID_DATA', response });

    expect(report).toMatchObject({
      exitCode: 3,
      error: {
        code: 'FLASH_PDL_REFUSED',
        data: { response, responseName: name, operation: 'MID_DATA', fileId: 'HOST_FDL' },
      },
    });
  },
);

const ERRORS = [
  'INVALID_CMD',
  'OPERATION_FAILED',
  'DOWN_NOT_START',
  'DOWN_DEST_ERROR',
  'DOWN_SIZE_ERROR',
  'NOT_ENOUGH_MEMORY',
  'INCOMPATIBLE_PARTITION',
  'WRITE_ERROR',
  'SEC_VERIFY_ERROR',
] as const;
const PLACES = [
  ['fdl1', 'CONNECT', 1],
  ['fdl1', 'START_DATA', 1],
  ['fdl1', 'MIDST_DATA', 2],
  ['fdl1', 'END_DATA', 1],
  ['fdl1', 'EXEC_DATA', 1],
  ['fdl2', 'START_DATA', 1],
  ['fdl2', 'MIDST_DATA', 2],
  ['fdl2', 'END_DATA', 1],
  ['fdl2', 'READ_FLASH', 1],
  ['fdl2', 'NORMAL_RESET', 1],
] as const;

test.each(PLACES.flatMap(([stage, command, nth]) => ERRORS.map((name) => [name, stage, command, nth] as const)))(
  '%s in %s at %s is told by name and place, and never taken for success',
  async (name, stage, command, nth) => {
    const report = await runWith(reply(stage, command, nth, BSL_REPLY[name]));

    const isSignature = name === 'SEC_VERIFY_ERROR' && stage === 'fdl1' && command === 'END_DATA';
    expect(report).toMatchObject({
      ok: false,
      error: { code: isSignature ? 'FLASH_FDL2_REJECTED' : 'FLASH_BSL_REFUSED', data: { operation: command } },
    });
    expect(report.error?.message).toContain(isSignature ? 'signature' : name);
  },
);

test('a ROM that takes its time to reject the loader is still heard', async () => {
  const report = await runWith({ kind: 'pdl-error', command: 'EXEC_DATA', response: 9, delayMs: 700 });

  expect(report.error).toMatchObject({ code: 'FLASH_FDL1_REJECTED', data: { responseName: 'VERIFY_ERROR' } });
});

test('what reads back differently is told with the address of the first byte that differs', async () => {
  const report = await runWith({ kind: 'read-differs', at: 0x123 });

  expect(report).toMatchObject({
    exitCode: 1,
    error: { code: 'FLASH_VERIFY_MISMATCH', left: 'restarted', data: { fileId: 'APPIMG', address: 0x6025_0123 } },
  });
});

test('an ACK that comes after its budget, when the file was sent again, ends the flash: whose answer was whose is lost', async () => {
  const late: SimFault = {
    kind: 'reply',
    stage: 'fdl2',
    command: 'MIDST_DATA',
    nth: 2,
    how: { act: 'delay', delayMs: 1.1 * 15_000 },
  };

  const report = await runWith(late);

  expect(report).toMatchObject({
    exitCode: 3,
    error: { code: 'FLASH_REPLY_UNEXPECTED', left: 'restarted', data: { replyName: 'ACK' } },
  });
});

test('a late ACK that is taken for the end of the file hides no failure of that file', async () => {
  const late: SimFault = {
    kind: 'reply',
    stage: 'fdl2',
    command: 'MIDST_DATA',
    nth: 2,
    how: { act: 'delay', delayMs: 16_050 },
  };
  const faults: readonly SimFault[] = [late, { kind: 'bit-flip', times: 2 }];
  bench.plug({ identity: OLD, faults, timing: { eraseMsPer64K: 100, programBytesPerMs: 1 } });

  const report = await run({ verify: false });

  expect(report.error?.message).toContain('VERIFY_ERROR');
});

test('a PREPACK file that is refused leaves the ACK behind it to nobody, and the module is reset', async () => {
  const fault: SimFault = {
    kind: 'reply',
    stage: 'fdl2',
    command: 'MIDST_DATA',
    nth: 6,
    how: { act: 'error-then-ack', type: BSL_REPLY.DOWN_SIZE_ERROR },
  };

  const report = await runWith(fault);

  expect(report.error).toMatchObject({ left: 'restarted', data: { fileId: 'PREPACK', replyName: 'DOWN_SIZE_ERROR' } });
  expect((await bench.listDevices())[0]).toMatchObject({ productId: 0x0901 });
});

test('a failure shows the last transfers, oldest first', async () => {
  const report = await runWith(reply('fdl2', 'END_DATA', 1, BSL_REPLY.OPERATION_FAILED));

  expect(report.error?.data).toMatchObject({
    trace: expect.arrayContaining(['> 7e00030000fffc7e', '< 7e00840000ff7b7e']),
  });
});

type World = readonly [
  what: string,
  options: Partial<SimulatedModuleOptions>,
  code: FlashFailureCode,
  exitCode: number,
  left: string,
];

test.each<World>([
  ['a firmware without the download command', { entryAnswer: '+CME ERROR: 4' }, 'FLASH_ENTRY_REFUSED', 3, 'download'],
  ['a module that stays', { entry: 'stays' }, 'FLASH_ENTRY_STAYED', 3, 'download'],
  ['a module that leaves for ever', { entry: 'disappears' }, 'FLASH_ENTRY_LOST', 3, 'download'],
  ['a strap that was left on', { strap: true }, 'FLASH_STRAP_ON', 3, 'written'],
  ['a module that does not come back', { returns: () => undefined }, 'FLASH_BOOT_TIMEOUT', 1, 'written'],
  ['another IMEI', { returns: (who) => ({ ...who, imei: '860000000000000' }) }, 'FLASH_IDENTITY_CHANGED', 1, 'written'],
  [
    'another SKU',
    { returns: (who) => ({ ...who, revision: 'EC200UCNAAR03A09M08' }) },
    'FLASH_IDENTITY_CHANGED',
    1,
    'written',
  ],
])('%s is told by its own code', async (_, options, code, exitCode, left) => {
  bench.plug({ identity: OLD, ...options });

  const report = await run();

  expect(report).toMatchObject({ ok: false, exitCode, error: { code, left } });
});

test('another revision than the expected one is told with both', async () => {
  bench.plug({ identity: OLD });

  const report = await run({ expectRevision: 'EG500UCNABR02A09M08_OCPU' });

  expect(report.error).toMatchObject({
    code: 'FLASH_IDENTITY_CHANGED',
    data: { field: 'revision', after: 'EG500UCNABR02A02M08_OCPU' },
  });
});

test('nothing plugged in, a named device that is not there, and two devices end differently', async () => {
  expect(await run()).toMatchObject({ exitCode: 5, error: { code: 'FLASH_NO_DEVICE' } });
  expect(await run({ port: '/dev/ttyUSB9' })).toMatchObject({ exitCode: 3, error: { code: 'FLASH_NO_DEVICE' } });

  bench.plug({ identity: OLD, usbPath: '1-1' });
  bench.plug({ identity: OLD, usbPath: '1-2' });

  expect(await run()).toMatchObject({
    exitCode: 2,
    error: { code: 'FLASH_AMBIGUOUS', data: { devices: ['1-1', '1-2'] } },
  });
});

test('of two modules and a gadget with the same ids, only the chosen USB path is followed through download mode', async () => {
  bench.others.push({
    usbPath: '1-0',
    deviceNumber: 1,
    vendorId: 0x0525,
    productId: 0xa4a7,
    ports: [{ interfaceNumber: 1, path: '/dev/ttyACM77' }],
  });
  const bystander = bench.plug({ identity: OLD, usbPath: '1-1' });
  const chosen = bench.plug({ identity: OLD, usbPath: '1-2' });

  const report = await run({ port: '1-2' });

  expect(report.ok).toBe(true);
  expect(chosen.storage.memory.bytes.subarray(0x25_0000, 0x25_0000 + sample.app.length).equals(sample.app)).toBe(true);
  expect(bystander.storage.memory.bytes.readUInt32LE(0x25_0000)).toBe(0xffff_ffff);
});

test.each([
  ['no permission', '/dev/ttyACM', new Error('Error: Permission denied, cannot open'), 'FLASH_PORT_PERMISSION', 3],
  [
    'another program',
    '/dev/ttyUSB',
    new Error('Error Resource temporarily unavailable Cannot lock port'),
    'FLASH_PORT_BUSY',
    7,
  ],
] as const)('a port that meets %s is told as such', async (_, port, error, code, exitCode) => {
  bench.plug({ identity: OLD });
  bench.openErrors.set(port, error);

  expect(await run()).toMatchObject({ exitCode, error: { code } });
});

test('a module that another run holds is left alone', async () => {
  bench.plug({ identity: OLD });
  bench.locked.add('1-1');

  expect(await run()).toMatchObject({ exitCode: 7, error: { code: 'FLASH_PORT_BUSY', left: 'untouched' } });
});

test('a module of another SKU is left in its firmware', async () => {
  bench.plug({ identity: { ...OLD, revision: 'EC200UCNAAR03A09M08' } });

  const report = await run();

  expect(report).toMatchObject({ exitCode: 2, error: { code: 'FLASH_SKU_MISMATCH', left: 'untouched' } });
  expect((await bench.listDevices())[0]?.productId).toBe(0x0901);
});

test('an interruption is honoured between files, the module is reset, and the report says what is missing', async () => {
  const stop = new AbortController();
  bench.plug({ identity: OLD });
  stop.abort();

  const report = await run({ signal: stop.signal });

  expect(report).toMatchObject({
    exitCode: 130,
    error: { code: 'FLASH_INTERRUPTED', left: 'restarted', data: { next: 'APPIMG', written: [] } },
  });
});

test('a journal that was cut off is told at the next flash', async () => {
  const notices: string[] = [];
  bench.plug({ identity: OLD });
  await run();
  const lines = readFileSync(join(folder, 'flash-1-1.ndjson'), 'utf8').split('\n');
  const cut = lines.findIndex((line) => line.includes('"file","id":"APPIMG"'));
  writeFileSync(join(folder, 'flash-1-1.ndjson'), `${lines.slice(0, cut + 1).join('\n')}\n{"at":"20`);

  const ended = flash(
    { pacPath: join(folder, 'EG500U-CN_app.pac'), knownSkus: ['EG500U-CN'], journalFolder: folder },
    { host: bench, clock: systemClock, onProgress: () => undefined, onNotice: (line) => notices.push(line) },
  );
  await jest.runAllTimersAsync();
  await ended;

  expect(notices).toContainEqual(expect.stringContaining('the last flash here was cut off while APPIMG was written'));
});

test('whatever byte the device dies at, the flasher ends with a typed failure in bounded time', async () => {
  for (let bytes = 1; bytes < 30_000; bytes += 997) {
    bench = new SimulatedBench();
    const report = await runWith({ kind: bytes % 2 === 0 ? 'silent-at' : 'vanish-at', bytes });
    if (report.ok) continue;
    expect(report.error?.code).toMatch(
      /^FLASH_(ROM_SILENT|PDL_TIMEOUT|NO_VERSION|BSL_TIMEOUT|PORT_VANISHED|BOOT_TIMEOUT)$/u,
    );
    expect(report.durationMs).toBeLessThan(200_000);
  }
});
