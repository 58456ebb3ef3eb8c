import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { BSL_COMMAND, BSL_REPLY } from './bsl-code.ts';
import { BslFrameReader } from './bsl-frame-reader.ts';
import { encodeBslFrame, encodeBslFrameForUsb } from './encode-bsl-frame.ts';

/** Every reference frame of the specification; the first two were also seen in a log of a real download. */
const GOLDEN: readonly (readonly [name: string, type: number, payload: string, frame: string])[] = [
  ['READ_FLASH at 0', BSL_COMMAND.READ_FLASH, '900000010000300000000000', '7E0006000C9000000100003000000000003FEC7E'],
  [
    'READ_FLASH at 0x3000',
    BSL_COMMAND.READ_FLASH,
    '900000010000300000003000',
    '7E0006000C9000000100003000000030000FEC7E',
  ],
  ['CONNECT', BSL_COMMAND.CONNECT, '', '7E00000000FFFF7E'],
  ['ACK', BSL_REPLY.ACK, '', '7E00800000FF7F7E'],
  [
    'VER',
    BSL_REPLY.VER,
    Buffer.from('Spreadtrum Boot Block version 1.2\0').toString('hex'),
    '7E008100225370726561647472756D20426F6F7420426C6F636B2076657273696F6E20312E3200A9E97E',
  ],
  ['CHANGE_BAUD 115200', BSL_COMMAND.CHANGE_BAUD, '0001C200', '7E000900040001C2003DF17E'],
  ['CHANGE_BAUD 921600', BSL_COMMAND.CHANGE_BAUD, '000E1000', '7E00090004000E1000EFE47E'],
  ['START of FDL2', BSL_COMMAND.START_DATA, '0081000000009BE0', '7E000100080081000000009BE063957E'],
  ['START of APPIMG', BSL_COMMAND.START_DATA, '6025000000020000', '7E0001000860250000000200009FCF7E'],
  ['MIDST with flags in it', BSL_COMMAND.MIDST_DATA, '7E7D0001', '7E000200047D5E7D5D0001817B7E'],
  ['MIDST of odd length', BSL_COMMAND.MIDST_DATA, '010203', '7E00020003010203FBF87E'],
  ['MIDST whose checksum is 7E7D', BSL_COMMAND.MIDST_DATA, '817E', '7E00020002817D5E7D5E7D5D7E'],
  ['END', BSL_COMMAND.END_DATA, '', '7E00030000FFFC7E'],
  ['EXEC', BSL_COMMAND.EXEC_DATA, '', '7E00040000FFFB7E'],
  ['NORMAL_RESET', BSL_COMMAND.NORMAL_RESET, '', '7E00050000FFFA7E'],
  ['READ_FLASH of NV', BSL_COMMAND.READ_FLASH, 'FE0000030000300000000000', '7E0006000CFE00000300003000000000 00D1E97E'],
  [
    'READ_FLASH of PhaseCheck',
    BSL_COMMAND.READ_FLASH,
    'FE0000020000010000000000',
    '7E0006000CFE0000020000010000000000 00EB7E',
  ],
  ['ERASE of running NV', BSL_COMMAND.ERASE_FLASH, 'FE00000100000000', '7E000A0008FE0000010000000001EC7E'],
  ['ERASE of APPIMG', BSL_COMMAND.ERASE_FLASH, '6025000000120000', '7E000A000860250000001200009FB67E'],
  ['ERASE of everything', BSL_COMMAND.ERASE_FLASH, '00000000FFFFFFFF', '7E000A000800000000FFFFFFFFFFED7E'],
  ['FORMAT of FSYS', BSL_COMMAND.ERASE_FLASH, 'FE00000653595346', '7E000A0008FE000006535953465B477E'],
  ['REPARTITION', BSL_COMMAND.REPARTITION, '', '7E000B0000FFF47E'],
  ['POWER_OFF', BSL_COMMAND.POWER_OFF, '', '7E00170000FFE87E'],
  ['INVALID_CMD, whose checksum is escaped', BSL_REPLY.INVALID_CMD, '', '7E00820000FF7D5D7E'],
  ['OPERATION_FAILED', BSL_REPLY.OPERATION_FAILED, '', '7E00840000FF7B7E'],
  ['DOWN_NOT_START', BSL_REPLY.DOWN_NOT_START, '', '7E00860000FF797E'],
  ['DOWN_DEST_ERROR', BSL_REPLY.DOWN_DEST_ERROR, '', '7E00890000FF767E'],
  ['DOWN_SIZE_ERROR', BSL_REPLY.DOWN_SIZE_ERROR, '', '7E008A0000FF757E'],
  ['VERIFY_ERROR', BSL_REPLY.VERIFY_ERROR, '', '7E008B0000FF747E'],
  ['INCOMPATIBLE_PARTITION', BSL_REPLY.INCOMPATIBLE_PARTITION, '', '7E00960000FF697E'],
  ['SEC_VERIFY_ERROR', BSL_REPLY.SEC_VERIFY_ERROR, '', '7E00AA0000FF557E'],
  ['LOG', BSL_REPLY.LOG, '6869', '7E00FF0002686996957E'],
];

test.each(GOLDEN)('%s is encoded to its reference frame and read back', (_, type, payload, frame) => {
  const bytes = Buffer.from(frame.replaceAll(' ', ''), 'hex');

  expect(encodeBslFrame(type, Buffer.from(payload, 'hex'))).toEqual(bytes);
  expect(new BslFrameReader().push(bytes)).toEqual([{ kind: 'frame', type, payload: Buffer.from(payload, 'hex') }]);
});

test('any frames cut anywhere are read back whole, with shared flags and spare flags between them', () => {
  const frames = fc.array(fc.tuple(fc.integer({ min: 0, max: 0xff }), fc.uint8Array({ maxLength: 300 })), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(
      frames,
      fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1 }),
      fc.boolean(),
      (sent, cuts, share) => {
        const encoded = sent.map(([type, payload]) => encodeBslFrameForUsb(type, payload));
        const stream = Buffer.concat(encoded.map((frame, index) => (share && index > 0 ? frame.subarray(1) : frame)));
        const reader = new BslFrameReader();

        const read = cut(stream, cuts).flatMap((chunk) => reader.push(chunk));

        expect(read).toEqual(sent.map(([type, payload]) => ({ kind: 'frame', type, payload: Buffer.from(payload) })));
      },
    ),
  );
});

test('no stream makes the reader throw, and a valid frame after it is still found', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (noise) => {
      const reader = new BslFrameReader();
      reader.push(noise);

      const read = reader.push(Buffer.concat([Buffer.of(0x7e), encodeBslFrame(BSL_REPLY.ACK)]));

      expect(read.at(-1)).toEqual({ kind: 'frame', type: BSL_REPLY.ACK, payload: Buffer.alloc(0) });
    }),
  );
});

test('a frame in which any one bit was turned is never read as the frame that was sent', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(), (payload, position) => {
      const frame = encodeBslFrame(BSL_COMMAND.MIDST_DATA, payload);
      const bit = position % (frame.length * 8);
      frame[bit >> 3] = (frame[bit >> 3] ?? 0) ^ (1 << (bit & 7));

      const whole = new BslFrameReader()
        .push(frame)
        .filter((found) => found.kind === 'frame' && found.payload.equals(payload));

      expect(whole).toEqual([]);
    }),
  );
});

test('a stretch longer than any answer is reported once and costs no memory', () => {
  const reader = new BslFrameReader();
  reader.push(Buffer.of(0x7e));
  for (let sent = 0; sent < 100; sent++) expect(reader.push(Buffer.alloc(0x1000, 0x11))).toEqual([]);

  expect(reader.push(Buffer.of(0x7e))).toEqual([{ kind: 'bad', reason: 'longer than 16384 bytes' }]);
});

test('no frame for USB has a length that is a multiple of 64', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2200 }), (payload) => {
      expect(encodeBslFrameForUsb(BSL_COMMAND.MIDST_DATA, payload).length % 64).not.toBe(0);
    }),
  );
  expect(encodeBslFrameForUsb(BSL_COMMAND.MIDST_DATA, Buffer.alloc(56)).length).toBe(65);
});

function cut(stream: Buffer, sizes: readonly number[]): readonly Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(stream.subarray(at, at + size));
    at += size;
  }
  return chunks;
}
