import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type Cut, FrameCutter } from './cutter.ts';
import { encode } from './encode.ts';

const NO_LIMIT = Number.POSITIVE_INFINITY;

function pushAll(cutter: FrameCutter, chunks: readonly Buffer[]): Cut[] {
  return chunks.flatMap((chunk) => cutter.push(chunk));
}

function frames(cuts: readonly Cut[]): string[] {
  return cuts.map((cut) => ('frame' in cut ? cut.frame.toString('hex') : `junk ${cut.junk.toString('hex')}`));
}

test('however a stream is segmented, the same frames come out', () => {
  const packet = fc
    .record({ topic: fc.string(), payload: fc.uint8Array({ maxLength: 300 }), qos: fc.constantFrom(0, 1, 2) })
    .map(({ payload, ...rest }) => encode.publish({ ...rest, payload: Buffer.from(payload), packetId: 5 }));
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 40 })), (packets, sizes) => {
      const stream = Buffer.concat(packets);
      const chunks: Buffer[] = [];
      for (let at = 0, i = 0; at < stream.length; i += 1) {
        const size = sizes.length === 0 ? stream.length : (sizes[i % sizes.length] ?? 1);
        chunks.push(stream.subarray(at, at + size));
        at += size;
      }

      const cutter = new FrameCutter(NO_LIMIT);

      expect(frames(pushAll(cutter, chunks))).toEqual(packets.map((bytes) => bytes.toString('hex')));
      expect(cutter.pendingBytes).toBe(0);
    }),
  );
});

test('a remaining length of five bytes ends the cutting, and all that follows is junk', () => {
  const cutter = new FrameCutter(NO_LIMIT);

  const cuts = pushAll(cutter, [encode.hex('d000 30ffff'), encode.hex('ffff7f'), encode.hex('c000')]);

  expect(frames(cuts)).toEqual(['d000', 'junk 30ffffffff7f', 'junk c000']);
  expect(cutter.isBroken).toBe(true);
});

test('a packet above the limit is junk from its first byte on, before it is gathered', () => {
  const cutter = new FrameCutter(10);

  const cuts = cutter.push(encode.hex('30ff7f 0001'));

  expect(cuts).toMatchObject([{ why: 'packet of 16386 bytes, 10 allowed' }]);
});

test('the longest remaining length that four bytes can say is waited for', () => {
  const cutter = new FrameCutter(NO_LIMIT);

  expect(cutter.push(encode.hex('30ffffff7f00'))).toEqual([]);
  expect(cutter.pendingBytes).toBe(6);
});

test('a remaining length that is not minimal is cut as it says', () => {
  expect(frames(new FrameCutter(NO_LIMIT).push(encode.hex('c08000 d0808000')))).toEqual(['c08000', 'd0808000']);
});

test('a megabyte that comes byte by byte is cut in linear time', () => {
  const packet = encode.publish({ topic: 't', payload: Buffer.alloc(1 << 20) });
  const cutter = new FrameCutter(NO_LIMIT);

  const cuts = Array.from({ length: packet.length }, (_, i) => cutter.push(packet.subarray(i, i + 1))).flat();

  expect(cuts).toHaveLength(1);
});
