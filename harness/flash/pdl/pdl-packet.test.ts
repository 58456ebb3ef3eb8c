import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { pdlConnect, pdlEnd, pdlExec, pdlMid, pdlResponseName, pdlStart } from './pdl-packet.ts';
import { PdlPacketReader } from './pdl-packet-reader.ts';

test.each([
  ['CONNECT', pdlConnect(), 'AE0C000000FF0000 000000000000000000000000'],
  ['START', pdlStart(0x80_00c0, 0x4be0), 'AE11000000FF0000 04000000 C0008000 E04B0000 50444C3100'],
  ['MID', pdlMid(0, Buffer.from('AABBCCDD', 'hex')), 'AE10000000FF0000 05000000 00000000 04000000 AABBCCDD'],
  ['END', pdlEnd(), 'AE10000000FF0000 06000000 00000000 00000000 1C3C6E06'],
  ['EXEC', pdlExec(), 'AE0C000000FF0000 07000000 00000000 00000000'],
])('%s has its reference bytes', (_, packet, hex) => {
  expect(packet.toString('hex')).toBe(hex.replaceAll(' ', '').toLowerCase());
});

test('a MID of 2048 bytes has its reference header', () => {
  const packet = pdlMid(3, Buffer.alloc(2048, 0x55));

  expect(packet.subarray(0, 20).toString('hex')).toBe('ae0c080000ff0000050000000300000000080000');
  expect(packet).toHaveLength(2068);
});

test('replies are found behind rubbish, whatever bytes 6 and 7 hold and wherever the stream is cut', () => {
  const replies = fc.array(
    fc.record({ flow: fc.constantFrom(0xff, 0xee), rubbish: fc.nat(0xffff), code: fc.nat(12) }),
    { maxLength: 4 },
  );
  const noise = fc.uint8Array({ maxLength: 20 }).map((bytes) => bytes.filter((byte) => byte !== 0xae));
  fc.assert(
    fc.property(replies, noise, fc.integer({ min: 1, max: 15 }), (sent, before, size) => {
      const stream = Buffer.concat([before, ...sent.map(reply)]);
      const reader = new PdlPacketReader([0xff, 0xee]);

      const read = Array.from({ length: Math.ceil(stream.length / size) }, (_, turn) =>
        reader.push(stream.subarray(turn * size, turn * size + size)),
      ).flat();

      expect(read.map(({ flow, payload }) => ({ flow, code: payload.readUInt32LE(0) }))).toEqual(
        sent.map(({ flow, code }) => ({ flow, code })),
      );
    }),
  );
});

test('no stream makes the reader throw', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (chunks) => {
      const reader = new PdlPacketReader([0xff, 0xee]);
      for (const chunk of chunks)
        for (const { payload } of reader.push(chunk)) expect(payload.length).toBeLessThanOrEqual(2060);
    }),
  );
});

test('responses are counted as the device counts them', () => {
  expect([0, 1, 9, 12, 99].map(pdlResponseName)).toEqual([
    'ACK',
    'PACKET_ERROR',
    'VERIFY_ERROR',
    'DEVICE_ERROR',
    'response 99',
  ]);
});

function reply({ flow, rubbish, code }: { flow: number; rubbish: number; code: number }): Buffer {
  const bytes = Buffer.alloc(12);
  bytes[0] = 0xae;
  bytes[1] = 4;
  bytes[5] = flow;
  bytes.writeUInt16LE(rubbish, 6);
  bytes.writeUInt32LE(code, 8);
  return bytes;
}
