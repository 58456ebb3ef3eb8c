import { expect, test } from '@jest/globals';
import { mergeNv, nvCrc, readNvItems, withNvCrc } from './nv-image.ts';

const IMEI = '083A55912013243546';
const sample = nvOf([
  [5, Buffer.from(IMEI, 'hex')],
  [0x26d, Buffer.from('abcd')],
  [0x179, Buffer.from('xyz')],
]);

test('the reference image has its reference bytes and CRC', () => {
  const image = withNvCrc(sample);

  expect(image.toString('hex').toUpperCase()).toMatch(
    /^AAE3000005000900083A559120132435460000006D020400616263647901030078797A00FFFF/u,
  );
  expect(nvCrc(sample)).toBe(0xaae3);
});

test('items are read with their lengths, padding left out', () => {
  expect(readNvItems(sample).map(({ id, bytes }) => [id, bytes.toString('latin1')])).toEqual([
    [5, Buffer.from(IMEI, 'hex').toString('latin1')],
    [0x26d, 'abcd'],
    [0x179, 'xyz'],
  ]);
});

test('merging keeps the module’s own items and makes the CRC right', () => {
  const fresh = nvOf([
    [0x26d, Buffer.from('WXYZ')],
    [5, Buffer.alloc(9)],
  ]);

  const merged = mergeNv(fresh, sample, [5]);

  expect(readNvItems(merged).map(({ id, bytes }) => [id, bytes.toString('latin1')])).toEqual([
    [0x26d, 'WXYZ'],
    [5, Buffer.from(IMEI, 'hex').toString('latin1')],
  ]);
  expect(merged.readUInt16BE(0)).toBe(nvCrc(merged));
});

test('merging refuses an item to keep that is missing or has another length', () => {
  expect(() => mergeNv(nvOf([[7, Buffer.alloc(4)]]), sample, [7])).toThrow('the module has no item 7');
  expect(() => mergeNv(nvOf([[5, Buffer.alloc(8)]]), sample, [5])).toThrow('9 bytes in the module and 8 in the PAC');
  expect(() => mergeNv(nvOf([[7, Buffer.alloc(4)]]), sample, [5])).toThrow('no item 5 to put');
});

test('an image without an end mark, or with an item past its end, is refused', () => {
  expect(() => readNvItems(Buffer.alloc(64))).toThrow('no end mark');
  expect(() => readNvItems(Buffer.from('00000000050000FF', 'hex'))).toThrow('ends past the image');
});

function nvOf(items: readonly (readonly [number, Buffer])[]): Buffer {
  const image = Buffer.alloc(0x100, 0xff);
  image.fill(0, 0, 4);
  let at = 4;
  for (const [id, bytes] of items) {
    image.writeUInt16LE(id, at);
    image.writeUInt16LE(bytes.length, at + 2);
    image.fill(0, at + 4, at + 4 + Math.ceil(bytes.length / 4) * 4);
    image.set(bytes, at + 4);
    at += 4 + Math.ceil(bytes.length / 4) * 4;
  }
  return image;
}
