import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { BSL_COMMAND, BSL_REPLY } from '../bsl/bsl-code.ts';
import { BslFrameReader } from '../bsl/bsl-frame-reader.ts';
import { encodeBslFrame, encodeBslFrameForUsb } from '../bsl/encode-bsl-frame.ts';
import { NV_IMAGE_BYTES, withNvCrc } from '../image/nv-image.ts';
import { buildPrepack } from '../image/prepack.ts';
import { buildUImage } from '../image/u-image.ts';
import { pdlConnect, pdlEnd, pdlExec, pdlMid, pdlStart } from '../pdl/pdl-packet.ts';
import { twoWords } from '../session/send-file.ts';
import type { DeviceOptions, DeviceStorage } from './device-context.ts';
import { FlashMemory, type FlashTiming, INSTANT } from './flash-memory.ts';
import { signImage } from './image-signature.ts';
import type { SimFault } from './sim-fault.ts';
import { SimulatedDevice } from './simulated-device.ts';

const fdl1 = buildUImage(Buffer.alloc(100, 0x11), { load: 0x80_00c0, name: 'fdl1' });
const fdl2 = buildUImage(Buffer.alloc(200, 0x22), { load: 0x81_0000, name: 'fdl2' });

/** A device and a finger that feeds it; time stands still unless a step says otherwise. */
class Finger {
  readonly device: SimulatedDevice;
  nowMs = 0;

  constructor(options: Partial<DeviceOptions> = {}, faults: readonly SimFault[] = [], timing: FlashTiming = INSTANT) {
    this.device = new SimulatedDevice(emptyStorage(timing), { bootDelayMs: 0, ...options }, faults);
  }

  /** The answer as hex, PDL's two bytes of rubbish blanked. */
  say(bytes: Uint8Array): string {
    const pieces = this.device
      .feed(bytes, this.nowMs)
      .flatMap((effect) => (effect.kind === 'write' ? [effect.bytes] : []));
    return Buffer.concat(pieces)
      .toString('hex')
      .replace(/^(ae04000000(?:ff|ee))..../u, '$1xxxx');
  }

  command(type: number, payload?: Uint8Array): string {
    return this.say(encodeBslFrameForUsb(type, payload));
  }

  /** The type of the answer; undefined for silence. */
  replyTo(type: number, payload?: Uint8Array): number | undefined {
    const [frame] = new BslFrameReader().push(Buffer.from(this.command(type, payload), 'hex'));
    return frame?.kind === 'frame' ? frame.type : undefined;
  }

  toFdl1(image: Buffer = fdl1): this {
    this.say(pdlConnect());
    this.say(pdlStart(0x80_00c0, image.length));
    this.say(pdlMid(0, image));
    this.say(pdlEnd());
    this.say(pdlExec());
    this.say(Buffer.of(0x7e));
    return this;
  }

  toFdl2(): this {
    this.toFdl1();
    this.command(BSL_COMMAND.CONNECT);
    this.command(BSL_COMMAND.START_DATA, twoWords(0x81_0000, fdl2.length));
    this.command(BSL_COMMAND.MIDST_DATA, fdl2);
    this.command(BSL_COMMAND.END_DATA);
    this.command(BSL_COMMAND.EXEC_DATA);
    return this;
  }
}

const ACK = '7e00800000ff7f7e';

test('the golden transcript is accepted byte for byte', () => {
  const finger = new Finger();

  expect(finger.say(Buffer.from('AE0C000000FF0000000000000000000000000000', 'hex'))).toBe('ae04000000ffxxxx00000000');
  expect(finger.say(pdlStart(0x80_00c0, fdl1.length))).toBe('ae04000000ffxxxx00000000');
  expect(finger.say(pdlMid(0, fdl1))).toBe('ae04000000ffxxxx00000000');
  expect(finger.say(pdlEnd())).toBe('ae04000000ffxxxx00000000');
  expect(finger.say(Buffer.from('AE0C000000FF0000070000000000000000000000', 'hex'))).toBe('');
  expect(finger.say(Buffer.of(0x7e))).toBe(
    `7e00810022${Buffer.from('Spreadtrum Boot Block version 1.2\0').toString('hex')}a9e97e`,
  );
  expect(finger.say(Buffer.from('7E00000000FFFF7E', 'hex'))).toBe(ACK);
  expect(finger.say(Buffer.from('7E000900040001C2003DF17E', 'hex'))).toBe(ACK);
  expect(finger.command(BSL_COMMAND.START_DATA, twoWords(0x81_0000, fdl2.length))).toBe(ACK);
  expect(finger.command(BSL_COMMAND.MIDST_DATA, fdl2)).toBe(ACK);
  expect(finger.command(BSL_COMMAND.END_DATA)).toBe(ACK);
  expect(finger.say(Buffer.from('7E00040000FFFB7E', 'hex'))).toBe(ACK);
  expect(finger.command(BSL_COMMAND.START_DATA, twoWords(0x6025_0000, 4))).toBe(ACK);
  expect(finger.say(Buffer.from('7E000200047D5E7D5D0001817B7E', 'hex'))).toBe(ACK);
  expect(finger.say(Buffer.from('7E00030000FFFC7E', 'hex'))).toBe(ACK);
  expect(finger.device.feed(Buffer.from('7E00050000FFFA7E', 'hex'), 10)).toEqual([
    { kind: 'write', atMs: 10, bytes: Buffer.from(ACK, 'hex') },
    { kind: 'reset', atMs: 12 },
  ]);
  expect(finger.device.storage.memory.bytes.subarray(0x25_0000, 0x25_0005).toString('hex')).toBe('7e7d0001ff');
});

test('the ROM refuses a wrong place, too many bytes and a damaged image, and stays', () => {
  const finger = new Finger();

  expect(finger.say(pdlStart(0x83_8000, 64))).toBe('ae04000000eexxxx04000000');
  finger.say(pdlStart(0x80_00c0, 4));
  expect(finger.say(pdlMid(0, Buffer.alloc(8)))).toBe('ae04000000eexxxx07000000');
  expect(finger.say(pdlExec())).toBe('ae04000000eexxxx09000000');
  expect(finger.device.stage).toBe('rom');
});

test('a ROM that was left in the middle of a packet is woken by zeros', () => {
  const finger = new Finger();
  finger.say(pdlMid(0, Buffer.alloc(2048)).subarray(0, 100));

  expect(finger.say(pdlConnect())).toBe('');
  finger.say(Buffer.alloc(2068));

  expect(finger.say(pdlConnect())).toBe('ae04000000ffxxxx00000000');
});

test.each([
  ['a wrong checksum', Buffer.from('7E00000000FFFE7E', 'hex'), ''],
  ['a wrong FDL2 address', encodeBslFrame(BSL_COMMAND.START_DATA, twoWords(0x81_1000, 4)), '7e00890000ff767e'],
  [
    'an FDL2 that is too long',
    encodeBslFrame(BSL_COMMAND.START_DATA, twoWords(0x81_0000, 0x3_0001)),
    '7e008a0000ff757e',
  ],
  ['data before START', encodeBslFrame(BSL_COMMAND.MIDST_DATA, Buffer.of(1)), '7e00860000ff797e'],
  ['a command that FDL1 does not know', encodeBslFrame(BSL_COMMAND.READ_FLASH, Buffer.alloc(12)), ''],
])('%s makes the first loader panic, and nothing is answered after it', (_, bytes, answer) => {
  const finger = new Finger().toFdl1();

  expect(finger.say(bytes)).toBe(answer);

  expect(finger.device.stage).toBe('dead');
  expect(finger.command(BSL_COMMAND.CONNECT)).toBe('');
});

test('a frame that is too long or cut gets no answer, and the next one is served', () => {
  const finger = new Finger().toFdl1();

  expect(finger.command(BSL_COMMAND.MIDST_DATA, Buffer.alloc(0x900))).toBe('');
  expect(finger.say(Buffer.from('7E0000000000', 'hex'))).toBe('');
  expect(finger.command(BSL_COMMAND.CONNECT)).toBe(ACK);
});

test('one flag may close a frame and open the next', () => {
  const finger = new Finger().toFdl1();

  expect(finger.say(Buffer.from('7E00000000FFFF7E00000000FFFF7E', 'hex'))).toBe(ACK + ACK);
});

test('a transfer of whole packets stays in the USB driver until a short one comes', () => {
  const frame = encodeBslFrame(BSL_COMMAND.MIDST_DATA, Buffer.alloc(56, 1));
  const finger = new Finger().toFdl2();
  finger.command(BSL_COMMAND.START_DATA, twoWords(0x6025_0000, 56));

  expect(frame).toHaveLength(64);
  expect(finger.say(frame)).toBe('');
  expect(finger.say(Buffer.of(0x7e))).toBe(ACK);
});

test('a control transfer does nothing to the ROM and kills a loader', () => {
  const finger = new Finger();
  finger.device.controlTransfer();
  finger.toFdl2();
  expect(finger.device.stage).toBe('fdl2');

  finger.device.controlTransfer();

  expect(finger.device.stage).toBe('dead');
});

test('the second loader refuses with a code and lives on', () => {
  const finger = new Finger().toFdl2();

  expect(finger.replyTo(BSL_COMMAND.EXEC_DATA)).toBe(BSL_REPLY.INVALID_CMD);
  expect(finger.replyTo(0x7f)).toBe(BSL_REPLY.INVALID_CMD);
  expect(finger.replyTo(BSL_COMMAND.MIDST_DATA, Buffer.of(1))).toBe(BSL_REPLY.DOWN_NOT_START);
  expect(finger.replyTo(BSL_COMMAND.END_DATA)).toBe(BSL_REPLY.DOWN_NOT_START);
  expect(finger.replyTo(BSL_COMMAND.START_DATA, twoWords(0x1000_0000, 4))).toBe(BSL_REPLY.DOWN_DEST_ERROR);
  expect(finger.replyTo(BSL_COMMAND.START_DATA, twoWords(0xfe00_0002, 255))).toBe(BSL_REPLY.DOWN_SIZE_ERROR);
  expect(finger.replyTo(BSL_COMMAND.START_DATA, twoWords(0x6025_0000, 4))).toBe(BSL_REPLY.ACK);
  expect(finger.replyTo(BSL_COMMAND.MIDST_DATA, Buffer.alloc(5))).toBe(BSL_REPLY.DOWN_SIZE_ERROR);
  expect(finger.replyTo(BSL_COMMAND.END_DATA)).toBe(BSL_REPLY.DOWN_SIZE_ERROR);
  expect(finger.replyTo(BSL_COMMAND.CONNECT)).toBe(BSL_REPLY.ACK);
});

test('programming clears bits only, and erasing takes the sectors that the size covers and no more', () => {
  const finger = new Finger().toFdl2();
  const { bytes } = finger.device.storage.memory;
  bytes.fill(0, 0x25_0000, 0x25_4000);

  finger.command(BSL_COMMAND.ERASE_FLASH, twoWords(0x6025_0000, 0x1001));

  expect(bytes.subarray(0x25_0000, 0x25_2000).every((byte) => byte === 0xff)).toBe(true);
  expect(bytes[0x25_2000]).toBe(0);
});

test('an ACK waits while the ring of 128 KiB is full', () => {
  const finger = new Finger({}, [], { eraseMsPer64K: 1000, programBytesPerMs: 1000 }).toFdl2();
  finger.command(BSL_COMMAND.START_DATA, twoWords(0x6025_0000, 0x2_0000));
  const late: number[] = [];
  for (let sent = 0; sent < 0x2_0000; sent += 0x800) {
    const [effect] = finger.device.feed(
      encodeBslFrameForUsb(BSL_COMMAND.MIDST_DATA, Buffer.alloc(0x800)),
      finger.nowMs,
    );
    late.push((effect?.atMs ?? 0) - finger.nowMs);
    finger.nowMs = effect?.atMs ?? finger.nowMs;
  }

  const firstWait = late.findIndex((ms) => ms > 0);
  expect(firstWait).toBe((0x2_0000 - 0x3000) / 0x800);
  expect(Math.max(...late)).toBeGreaterThan(900);
});

test('flash is read back as it was written, NV only from offset 0, nothing past the end', () => {
  const finger = new Finger().toFdl2();
  const read = (address: number, size: number, offset: number): number | undefined =>
    finger.replyTo(
      BSL_COMMAND.READ_FLASH,
      Buffer.concat([twoWords(address, size), twoWords(offset, 0).subarray(0, 4)]),
    );

  expect(read(0x6025_0000, 0x100, 0)).toBe(BSL_REPLY.READ_FLASH);
  expect(read(0x607f_ff00, 0x200, 0)).toBe(BSL_REPLY.INVALID_CMD);
  expect(read(0xfe00_0003, 0x100, 0x100)).toBe(BSL_REPLY.INVALID_CMD);
  expect(read(0xfe00_0003, 0x100, 0)).toBe(BSL_REPLY.READ_FLASH);
  expect(read(0xfe00_0003, 0x100, 0x100)).toBe(BSL_REPLY.READ_FLASH);
  expect(read(0xfe00_0003, 0x100, NV_IMAGE_BYTES)).toBe(BSL_REPLY.INVALID_CMD);
  expect(read(0xfe00_0002, 0x100, 0)).toBe(BSL_REPLY.OPERATION_FAILED);
});

test('an NV image without its CRC is refused, and an ordinary download keeps the IMEI that is there', () => {
  const finger = new Finger().toFdl2();
  finger.device.storage.nv = withNvCrc(nvWithImei(0x11));

  expect(writeWhole(finger, 0xfe00_0003, nvWithImei(0x22))).toBe(BSL_REPLY.OPERATION_FAILED);
  expect(writeWhole(finger, 0xfe00_0003, withNvCrc(nvWithImei(0x22)))).toBe(BSL_REPLY.ACK);
  expect(finger.device.storage.nv[8]).toBe(0x11);
  expect(writeWhole(finger, 0xfe00_0002, Buffer.alloc(256, 3))).toBe(BSL_REPLY.ACK);
  expect(writeWhole(finger, 0xfe00_0003, withNvCrc(nvWithImei(0x22)))).toBe(BSL_REPLY.ACK);
  expect(finger.device.storage.nv[8]).toBe(0x22);
});

test('a file with a dangerous name is answered with an error and, later, with the ACK as well', () => {
  const finger = new Finger().toFdl2();
  const cpio = buildPrepack([{ name: 'user/aa', bytes: Buffer.from('x') }]);
  cpio.write('../../a', 26, 'latin1');
  finger.command(BSL_COMMAND.START_DATA, twoWords(0xfe00_0004, cpio.length));

  const effects = finger.device.feed(encodeBslFrameForUsb(BSL_COMMAND.MIDST_DATA, cpio), 0);

  expect(effects.map(({ atMs }) => atMs)).toEqual([0, 50]);
  expect(finger.device.storage.files.size).toBe(0);
});

test('under secure boot only images of the right key are started or kept', () => {
  const secureBootKey = 0x5ec0_0001;
  expect(new Finger({ secureBootKey }).toFdl1().device.stage).toBe('rom');
  expect(new Finger({ secureBootKey }).toFdl1(signImage(fdl1, 0x666)).device.stage).toBe('rom');
  const finger = new Finger({ secureBootKey }).toFdl1(signImage(fdl1, secureBootKey));
  expect(finger.device.stage).toBe('fdl1');
  finger.command(BSL_COMMAND.START_DATA, twoWords(0x81_0000, fdl2.length));
  finger.command(BSL_COMMAND.MIDST_DATA, fdl2);

  expect(finger.replyTo(BSL_COMMAND.END_DATA)).toBe(BSL_REPLY.SEC_VERIFY_ERROR);
});

test('no bytes at all make the device throw, whichever stage it is in', () => {
  fc.assert(
    fc.property(fc.nat(2), fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), (stage, transfers) => {
      const finger = new Finger();
      if (stage === 1) finger.toFdl1();
      if (stage === 2) finger.toFdl2();
      for (const transfer of transfers) expect(() => finger.say(transfer)).not.toThrow();
    }),
    { numRuns: 50 },
  );
});

function writeWhole(finger: Finger, address: number, image: Buffer): number | undefined {
  finger.replyTo(BSL_COMMAND.START_DATA, twoWords(address, image.length));
  for (let at = 0; at < image.length; at += 0x800)
    finger.replyTo(BSL_COMMAND.MIDST_DATA, image.subarray(at, at + 0x800));
  return finger.replyTo(BSL_COMMAND.END_DATA);
}

function emptyStorage(timing: FlashTiming): DeviceStorage {
  return {
    memory: new FlashMemory(timing),
    files: new Map(),
    nv: Buffer.alloc(NV_IMAGE_BYTES, 0xff),
    phaseCheck: undefined,
  };
}

function nvWithImei(imei: number): Buffer {
  const image = Buffer.alloc(NV_IMAGE_BYTES, 0xff);
  Buffer.from([0, 0, 0, 0, 5, 0, 4, 0, imei, imei, imei, imei]).copy(image);
  return image;
}
