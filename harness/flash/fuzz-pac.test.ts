import { expect, test } from '@jest/globals';
import { isFailure } from '../errors.ts';
import { crc16Arc } from './crc16-arc.ts';
import { PAC_ENTRY_BYTES, PAC_HEADER, PAC_HEADER_BYTES } from './pac/pac-layout.ts';
import { parsePac } from './pac/parse-pac.ts';
import { readPacPlan } from './pac/read-pac-plan.ts';
import { checkImages } from './plan/check-images.ts';
import { planFlash } from './plan/flash-plan.ts';
import { samplePac } from './sim/sample-pac.ts';

/** A tenth of a full run, which is `QLHIL_FUZZ_INPUTS=100000` and takes 15 s. */
const INPUTS = Number(process.env['QLHIL_FUZZ_INPUTS'] ?? 10_000);
const SEED = 20_240_611;

const { pac: whole } = samplePac({
  revision: 'x',
  sizes: { fdl1: 64, fdl2: 64, app: 64 },
  files: [{ name: 'user/a', bytes: Buffer.from('abc') }],
});

/** Places where a change means something: counts, sizes, offsets, flags, names, the XML, the images. */
const ENTRY_FIELDS = [0, 4, 5, 516, 1540, 1544, 1548, 1552, 1564];

test(`of ${INPUTS} damaged PACs none does anything but parse or be refused, and memory stays bounded (seed ${SEED})`, () => {
  const random = generator(SEED);
  const before = process.memoryUsage().rss;
  let refused = 0;
  let accepted = 0;
  for (let input = 0; input < INPUTS; input++) {
    const pac = damaged(random);
    try {
      const plan = planFlash(readPacPlan(parsePac(pac, { ignoreCrc: true })), new Set());
      checkImages(plan);
      accepted++;
    } catch (error) {
      if (!isFailure(error, 'FLASH_PAC_INVALID')) throw error;
      refused++;
    }
  }

  expect(refused + accepted).toBe(INPUTS);
  expect(refused).toBeGreaterThan(INPUTS / 4);
  expect(accepted).toBeGreaterThan(0);
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
}, 120_000);

function damaged(random: (limit: number) => number): Buffer {
  const pac = Buffer.from(whole);
  const changes = 1 + random(3);
  for (let change = 0; change < changes; change++) changeOne(pac, random);
  const cut = random(10) === 0 ? pac.subarray(0, random(pac.length)) : pac;
  // Every other input has right CRCs, so that what is behind them is reached with all checks on.
  return random(2) === 0 ? cut : repaired(cut);
}

function changeOne(pac: Buffer, random: (limit: number) => number): void {
  const entries = 6;
  const kind = random(4);
  if (kind === 0) pac[random(pac.length)] = random(256);
  if (kind === 1) {
    const at = PAC_HEADER_BYTES + random(entries) * PAC_ENTRY_BYTES + (ENTRY_FIELDS[random(ENTRY_FIELDS.length)] ?? 0);
    pac.writeUInt32LE(interesting(random, pac.length), at);
  }
  if (kind === 2) {
    const fields = [PAC_HEADER.sizeBytes, PAC_HEADER.fileCount, PAC_HEADER.fileTable];
    pac.writeUInt32LE(interesting(random, pac.length), fields[random(fields.length)] ?? 0);
  }
  if (kind === 3) {
    // The data behind the table: loaders, application, cpio and XML.
    const dataAt = PAC_HEADER_BYTES + entries * PAC_ENTRY_BYTES;
    pac[dataAt + random(pac.length - dataAt)] = '<>&;"/\0\xff!0x'.codePointAt(random(11)) ?? 0;
  }
}

function interesting(random: (limit: number) => number, length: number): number {
  const values = [
    0,
    1,
    2,
    63,
    64,
    65,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    length,
    length - 1,
    length + 1,
    PAC_HEADER_BYTES,
    random(length),
  ];
  return values[random(values.length)] ?? 0;
}

function repaired(pac: Buffer): Buffer {
  if (pac.length < PAC_HEADER_BYTES) return pac;
  pac.writeUInt32LE(pac.length, PAC_HEADER.sizeBytes);
  pac.writeUInt16LE(crc16Arc(pac.subarray(0, PAC_HEADER.headerCrc)), PAC_HEADER.headerCrc);
  pac.writeUInt16LE(crc16Arc(pac.subarray(PAC_HEADER_BYTES)), PAC_HEADER.bodyCrc);
  return pac;
}

function generator(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * limit);
  };
}
