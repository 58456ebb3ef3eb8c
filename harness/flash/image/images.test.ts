import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { signImage } from '../sim/image-signature.ts';
import { buildAppImage, readAppImage } from './app-image.ts';
import { buildPrepack, readPrepack } from './prepack.ts';
import { PrepackReader } from './prepack-reader.ts';
import { buildUImage, readUImage } from './u-image.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

test('a uImage is read back, signed or not', () => {
  fc.assert(
    fc.property(bytes, fc.boolean(), (payload, isSigned) => {
      const image = buildUImage(payload, { load: 0x80_00c0, name: 'fdl1' });

      const read = readUImage(isSigned ? signImage(image, 1) : image, 'x');

      expect(read).toMatchObject({ name: 'fdl1', load: 0x80_00c0, payload: Buffer.from(payload) });
      expect(read.trailer).toHaveLength(isSigned ? 608 : 0);
    }),
  );
});

test('an application image is read back with its stub version and its section', () => {
  const image = buildAppImage(Buffer.from('code'), { stubVersion: 0x1_0003 });

  expect(readAppImage(signImage(image, 1))).toEqual({
    imageBytes: 132,
    stubMajor: 1,
    stubMinor: 3,
    isSigned: true,
    sections: [{ type: 1, offset: 128, sizeBytes: 4, loadAddress: 0 }],
  });
});

test('one turned bit anywhere in an image is noticed', () => {
  const uImage = buildUImage(Buffer.alloc(50, 7), { load: 0, name: 'x' });
  const app = buildAppImage(Buffer.alloc(50, 7));
  for (let bit = 0; bit < uImage.length * 8; bit++)
    expect(() => readUImage(turned(uImage, bit), 'x')).toThrow('is damaged');
  for (let bit = 0; bit < app.length * 8; bit++) expect(() => readAppImage(turned(app, bit))).toThrow('is damaged');
});

test.each([
  ['no header', Buffer.alloc(10), 'no application header'],
  ['a tail that is no signature', Buffer.concat([buildAppImage(Buffer.alloc(9)), Buffer.alloc(9)]), '9 bytes follow'],
  ['a cut end', buildAppImage(Buffer.alloc(9)).subarray(0, -1), 'and it has'],
])('an application with %s is refused', (_, image, message) => {
  expect(() => readAppImage(image)).toThrow(message);
});

test('files are read back as they were packed, whole or in pieces', () => {
  const name = fc.stringMatching(/^[a-z]{1,8}(\/[a-z0-9._]{1,8}x){0,3}$/u);
  const file = fc.record({ name, bytes });
  fc.assert(
    fc.property(
      fc.uniqueArray(file, { selector: (f) => f.name, maxLength: 5 }),
      fc.integer({ min: 1, max: 60 }),
      (files, size) => {
        const cpio = buildPrepack(files);
        const expected = files.map((f) => ({ name: f.name, isFolder: false, bytes: Buffer.from(f.bytes) }));
        const reader = new PrepackReader();

        expect(readPrepack(cpio)).toEqual(expected);
        const pieces = Array.from({ length: Math.ceil(cpio.length / size) }, (_, i) =>
          reader.push(cpio.subarray(i * size, (i + 1) * size)),
        );
        expect(pieces.flat()).toEqual(expected);
        expect(reader.ended).toBe(true);
      },
    ),
  );
});

test('a packed file starts with C7 71 and its sizes are high half first', () => {
  const cpio = buildPrepack([{ name: 'ab', bytes: new Uint8Array(0x1_2345) }]);

  expect(cpio.toString('hex', 0, 2)).toBe('c771');
  expect(cpio.toString('hex', 20, 26)).toBe('030001004523');
});

test.each(['/etc/passwd', '../x', 'a/../../b', 'a//b', './a', 'a/.', 'a\\b', 'C:x', '', 'a\nb', 'ä'])(
  'the name %j is never put on a file system',
  (name) => {
    expect(() => buildPrepack([{ name, bytes: new Uint8Array(1) }])).toThrow('PREPACK in the PAC is refused');
  },
);

test.each([
  ['a wrong magic', (cpio: Buffer) => poke(cpio, 0, 0)],
  ['a name without length', (cpio: Buffer) => poke(cpio, 20, 0)],
  ['a name that is too long', (cpio: Buffer) => poke(cpio, 20, 5000)],
  ['a file that is too long', (cpio: Buffer) => poke(cpio, 22, 0x1a)],
  ['no trailer', (cpio: Buffer) => cpio.subarray(0, -4)],
  ['nothing in it', (cpio: Buffer) => cpio.subarray(0, 0)],
])('a PREPACK with %s is refused', (_, damage) => {
  expect(() => readPrepack(damage(buildPrepack([{ name: 'ab', bytes: Buffer.from('x') }])))).toThrow(
    'PREPACK in the PAC is refused',
  );
});

test('two files of one name are refused', () => {
  const twice = buildPrepack([
    { name: 'a', bytes: new Uint8Array(1) },
    { name: 'a', bytes: new Uint8Array(1) },
  ]);

  expect(() => readPrepack(twice)).toThrow('two members have one name');
});

function poke(cpio: Buffer, offset: number, value: number): Buffer {
  cpio.writeUInt16LE(value, offset);
  return cpio;
}

function turned(image: Buffer, bit: number): Buffer {
  const copy = Buffer.from(image);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
