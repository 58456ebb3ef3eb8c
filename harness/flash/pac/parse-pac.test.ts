import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { crc16Arc } from '../crc16-arc.ts';
import { buildPac, type PacPart } from './build-pac.ts';
import { PAC_ENTRY, PAC_ENTRY_BYTES, PAC_HEADER, PAC_HEADER_BYTES } from './pac-layout.ts';
import { parsePac } from './parse-pac.ts';

const pattern = (length: number, byteAt: (index: number) => number): Buffer =>
  Buffer.from(Array.from({ length }, (_, i) => byteAt(i) & 255));

const tinyParts: readonly PacPart[] = [
  {
    kind: 'data',
    id: 'HOST_FDL',
    fileName: 'fdl1.img',
    bytes: pattern(512, (i) => i),
    checked: true,
    address: 0x8000c0,
  },
  {
    kind: 'data',
    id: 'FDL2',
    fileName: 'fdl2.img',
    bytes: pattern(1024, (i) => 7 * i),
    checked: true,
    address: 0x810000,
  },
  {
    kind: 'data',
    id: 'APPIMG',
    fileName: 'app.img',
    bytes: pattern(4096, (i) => 13 * i + 5),
    checked: true,
    address: 0x60250000,
  },
  { kind: 'operation', id: 'FLASH', fileName: '', bytes: Buffer.alloc(0), checked: true, address: 0xfe000001 },
  { kind: 'xml', id: '', fileName: 'TEST.xml', bytes: Buffer.from('<BMAConfig/>\r\n'), checked: false, address: 0 },
];
const tinySpec = { product: 'UIX8910_MODEM', productVersion: '8910 MODULE', alias: 'TEST', parts: tinyParts };

test('the reference recipe gives the reference file, byte for byte', () => {
  const pac = buildPac(tinySpec);

  expect(pac).toHaveLength(20_670);
  expect(pac.readUInt16LE(PAC_HEADER.headerCrc)).toBe(0x081d);
  expect(pac.readUInt16LE(PAC_HEADER.bodyCrc)).toBe(0xf005);
  expect(crc32(pac)).toBe(0xf9aba9ea);
  expect(createHash('sha256').update(pac).digest('hex')).toBe(
    'bf16b4a0b8a7d5ac930979154dbdcefd390edaaefe52444a9876fc401f8bbd9f',
  );
});

test('what was written is read back', () => {
  const pac = parsePac(buildPac(tinySpec));

  expect(pac).toMatchObject({
    version: 'BP_R1.0.0',
    product: 'UIX8910_MODEM',
    productVersion: '8910 MODULE',
    alias: 'TEST',
    warnings: [],
  });
  expect(pac.entries).toMatchObject(tinyParts);
});

test('any parts are read back as they were written', () => {
  const part = fc.record({
    id: fc.stringMatching(/^[A-Z_]{1,12}$/u),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }),
    address: fc.nat(0xffffffff),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(part, { selector: ({ id }) => id, minLength: 1, maxLength: 8 }),
      fc.stringMatching(/^[ -~]{0,40}$/u),
      (parts, alias) => {
        const pac = parsePac(
          buildPac({
            ...tinySpec,
            alias,
            parts: parts.map((p) => ({ ...p, kind: 'data', fileName: 'x', checked: true })),
          }),
        );

        expect(pac.alias).toBe(alias);
        expect(pac.entries.map(({ id, bytes, address }) => ({ id, bytes: Uint8Array.from(bytes), address }))).toEqual(
          parts,
        );
      },
    ),
    { numRuns: 50 },
  );
});

const entryAt = (index: number): number => PAC_HEADER_BYTES + index * PAC_ENTRY_BYTES;

test.each([
  ['a header cut short', (pac: Buffer) => pac.subarray(0, 2000), 'a PAC header alone has 2124'],
  ['a file cut short', (pac: Buffer) => pac.subarray(0, 20_000), 'the header tells 20670 bytes and the file has 20000'],
  ['a wrong magic', (pac: Buffer) => poke(pac, PAC_HEADER.magic, 0), 'the magic is not FA FF FA FF'],
  [
    'a huge count',
    (pac: Buffer) => poke(pac, PAC_HEADER.fileCount, 0xffffffff),
    '4294967295 files where 1 to 64 are possible',
  ],
  ['a count beyond the file', (pac: Buffer) => poke(pac, PAC_HEADER.fileCount, 60), 'the file ends inside its table'],
  ['no files', (pac: Buffer) => poke(pac, PAC_HEADER.fileCount, 0), '0 files'],
  ['a table elsewhere', (pac: Buffer) => poke(pac, PAC_HEADER.fileTable, 4), 'the file table is not at 2124'],
  [
    'data past the end',
    (pac: Buffer) => poke(pac, entryAt(2) + PAC_ENTRY.dataBytes, 0x7fffffff),
    'past the end of the file',
  ],
  ['data inside the header', (pac: Buffer) => poke(pac, entryAt(0) + PAC_ENTRY.dataOffset, 0), 'overlaps'],
  ['overlapping data', (pac: Buffer) => poke(pac, entryAt(1) + PAC_ENTRY.dataOffset, entryAt(5) + 511), 'overlaps'],
  ['another entry size', (pac: Buffer) => poke(pac, entryAt(1), 2584), 'entry 1 is not 2580 long'],
  ['an unknown flag', (pac: Buffer) => poke(pac, entryAt(1) + PAC_ENTRY.flag, 9), 'entry 1 has the unknown flag 9'],
  [
    'an operation with data',
    (pac: Buffer) => poke(pac, entryAt(3) + PAC_ENTRY.dataBytes, 9),
    'an operation and has 9 bytes',
  ],
  ['an XML in the middle', (pac: Buffer) => poke(pac, entryAt(1) + PAC_ENTRY.flag, 2), 'an XML and not the last one'],
  ['an id that is a path', (pac: Buffer) => poke(pac, entryAt(1) + PAC_ENTRY.id, 0x2f002e), 'the impossible id'],
  ['two entries of one name', (pac: Buffer) => copyId(pac), 'two entries are called "HOST_FDL"'],
])('%s is refused, and the message says what is wrong', (_, damage, message) => {
  const damaged = recomputeCrc(damage(buildPac(tinySpec)));

  expect(() => parsePac(damaged)).toThrow(
    expect.objectContaining({ code: 'FLASH_PAC_INVALID', message: expect.stringContaining(message) }),
  );
});

test('a wrong CRC is refused, and becomes a warning when the caller asks for it', () => {
  const pac = buildPac(tinySpec);
  pac[15_300] = 0xff;
  pac[600] = 0x41;

  expect(() => parsePac(pac)).toThrow('the CRC of the header is');
  expect(parsePac(pac, { ignoreCrc: true }).warnings).toHaveLength(2);
});

function poke(pac: Buffer, offset: number, value: number): Buffer {
  pac.writeUInt32LE(value, offset);
  return pac;
}

function copyId(pac: Buffer): Buffer {
  pac.copyWithin(entryAt(1) + PAC_ENTRY.id, entryAt(0) + PAC_ENTRY.id, entryAt(0) + PAC_ENTRY.id + 64);
  return pac;
}

function recomputeCrc(pac: Buffer): Buffer {
  if (pac.length < PAC_HEADER_BYTES) return pac;
  pac.writeUInt16LE(crc16Arc(pac.subarray(0, PAC_HEADER.headerCrc)), PAC_HEADER.headerCrc);
  pac.writeUInt16LE(crc16Arc(pac.subarray(PAC_HEADER_BYTES)), PAC_HEADER.bodyCrc);
  return pac;
}
