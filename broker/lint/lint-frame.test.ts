import { describe, expect, test } from '@jest/globals';
import type { Direction } from '../events.ts';
import { decodeFrame } from '../frame/decode.ts';
import { encode } from '../frame/encode.ts';
import { lintClauses, NOT_SHOWN_BY_FRAMES } from './clauses.ts';
import { FRAME_CHECKS, lintFrame } from './lint-frame.ts';

function clausesOf(hex: string, dir: Direction = 'up'): string[] {
  return lintFrame(decodeFrame(encode.hex(hex)), dir).map(({ clause }) => clause);
}

const HEADER = '0004 4d515454 04';

/** What a correct client sends, one of each kind. */
const GOOD = [
  `100d ${HEADER} 02 003c 0001 63`,
  `100c ${HEADER} 02 0000 0000`,
  `101d ${HEADER} f6 000a 0001 63 0002 772f 0003 626965 0001 75 0002 7077`,
  '3003 0001 61',
  '3a05 0001 61 0007',
  '3d05 0001 61 0007',
  '3006 0004 efbbbf61',
  '40020007',
  '50020007',
  '62020007',
  '70020007',
  '8211 0001 0001 23 00 0003 2b2f61 01 0001 2f 02',
  'a2050001 0001 61',
  'c000',
  'e000',
];

/** Frames of a client, each with every clause that it breaks. */
const BAD: readonly (readonly [hex: string, clauses: readonly string[]])[] = [
  ['0000', ['MQTT-2.2.1']],
  ['20020000', ['MQTT-2.2.1']],
  ['d000', ['MQTT-2.2.1']],
  ['c100', ['MQTT-2.2.2-1']],
  ['60020007', ['MQTT-2.2.2-1', 'MQTT-3.6.1-1']],
  ['80060001 0001 61 00', ['MQTT-2.2.2-1', 'MQTT-3.8.1-1']],
  ['a0050001 0001 61', ['MQTT-2.2.2-1', 'MQTT-3.10.1-1']],
  ['e200', ['MQTT-2.2.2-1', 'MQTT-3.14.1-1']],
  ['c00100', ['MQTT-2.2.3']],
  [`100e ${HEADER} 02 003c 0001 63 00`, ['MQTT-2.2.3']],
  [`100d 0004 6d717474 04 02 003c 0001 63`, ['MQTT-3.1.2-1']],
  ['100f 0006 4d5149736470 03 02 003c 0001 63', ['MQTT-3.1.2-1', 'MQTT-3.1.2-2']],
  ['100d 0004 4d515454 03 02 003c 0001 63', ['MQTT-3.1.2-2']],
  ['100e 0004 4d515454 05 02 003c 00 0001 63', ['MQTT-3.1.2-2']],
  [`100d ${HEADER} 03 003c 0001 63`, ['MQTT-3.1.2-3']],
  [`100d ${HEADER} 0a 003c 0001 63`, ['MQTT-3.1.2-11', 'MQTT-3.1.2-13']],
  [`100d ${HEADER} 22 003c 0001 63`, ['MQTT-3.1.2-11', 'MQTT-3.1.2-15']],
  [`1013 ${HEADER} 1e 003c 0001 63 0001 77 0001 6d`, ['MQTT-3.1.2-14']],
  [`1010 ${HEADER} 06 003c 0001 63 0001 77`, ['MQTT-3.1.2-9']],
  [`1010 ${HEADER} 42 003c 0001 63 0001 70`, ['MQTT-3.1.2-22']],
  [`100d ${HEADER} 82 003c 0001 63`, ['MQTT-3.1.2-19']],
  [`1010 ${HEADER} c2 003c 0001 63 0001 75`, ['MQTT-3.1.2-21']],
  [`100a ${HEADER} 02 003c`, ['MQTT-3.1.3-3']],
  [`100c ${HEADER} 00 003c 0000`, ['MQTT-3.1.3-7']],
  [`100e ${HEADER} 02 003c 0002 c328`, ['MQTT-1.5.3-1', 'MQTT-3.1.3-4']],
  [`1013 ${HEADER} 06 003c 0001 63 0001 ff 0001 6d`, ['MQTT-1.5.3-1', 'MQTT-3.1.3-10']],
  [`1012 ${HEADER} 06 003c 0001 63 0000 0001 6d`, ['MQTT-4.7.3-1']],
  [`1013 ${HEADER} 06 003c 0001 63 0001 23 0001 6d`, ['MQTT-4.7.1-1']],
  [`1010 ${HEADER} 82 003c 0001 63 0001 ff`, ['MQTT-1.5.3-1', 'MQTT-3.1.3-11']],
  [`100d ${HEADER} 02 003c 0001 00`, ['MQTT-1.5.3-2']],
  ['3005 0003 eda080', ['MQTT-1.5.3-1', 'MQTT-3.3.2-1']],
  ['3003 0001 00', ['MQTT-1.5.3-2', 'MQTT-4.7.3-2']],
  ['3002 0000', ['MQTT-4.7.3-1']],
  ['3001 00', ['MQTT-3.3.2-1']],
  ['3005 0003 612f2b', ['MQTT-3.3.2-2', 'MQTT-4.7.1-1']],
  ['3803 0001 61', ['MQTT-3.3.1-2', 'MQTT-4.3.1-1']],
  ['3605 0001 61 0007', ['MQTT-3.3.1-4']],
  ['3205 0001 61 0000', ['MQTT-2.3.1-1']],
  ['3203 0001 61', ['MQTT-2.3.1-1']],
  ['40020000', ['MQTT-2.3.1-6']],
  ['82060000 0001 61 00', ['MQTT-2.3.1-1']],
  ['82020001', ['MQTT-3.8.3-3']],
  ['8205 0001 0001 61', ['MQTT-3.8.3-3']],
  ['8206 0001 0001 61 03', ['MQTT-3.8.3-4']],
  ['8206 0001 0001 61 40', ['MQTT-3.8.3-4']],
  ['8206 0001 0001 ff 00', ['MQTT-1.5.3-1', 'MQTT-3.8.3-1']],
  ['8205 0001 0000 00', ['MQTT-4.7.3-1']],
  ['8207 0001 0002 6123 00', ['MQTT-4.7.1-2']],
  ['8208 0001 0003 232f61 00', ['MQTT-4.7.1-2']],
  ['8207 0001 0002 612b 00', ['MQTT-4.7.1-3']],
  ['a2020001', ['MQTT-3.10.3-2']],
  ['a2050001 0001 ff', ['MQTT-1.5.3-1', 'MQTT-3.10.3-1']],
  ['a2040001 0005', ['MQTT-3.10.3-1']],
];

/** Frames of a server. */
const BAD_DOWN: readonly (readonly [hex: string, clauses: readonly string[]])[] = [
  ['20020200', ['MQTT-3.2.2.1']],
  ['20020006', ['MQTT-3.2.2-6']],
  ['20020105', ['MQTT-3.2.2-4']],
  ['21020000', ['MQTT-2.2.2-1']],
  ['200100', ['MQTT-2.2.3']],
  ['90020001', ['MQTT-3.9.3-1']],
  ['90030001 03', ['MQTT-3.9.3-2']],
  ['90030000 00', ['MQTT-2.3.1-7']],
  ['c000', ['MQTT-2.2.1']],
  ['60020007', ['MQTT-2.2.2-1', 'MQTT-3.6.1-1']],
  ['3605 0001 61 0007', ['MQTT-3.3.1-4']],
];

test.each(GOOD)('%s of a client breaks nothing', (hex) => {
  expect(clausesOf(hex)).toEqual([]);
});

test.each(BAD)('%s of a client breaks exactly %p', (hex, clauses) => {
  expect(clausesOf(hex).toSorted()).toEqual([...clauses].toSorted());
});

test.each(BAD_DOWN)('%s of a server breaks exactly %p', (hex, clauses) => {
  expect(clausesOf(hex, 'down').toSorted()).toEqual([...clauses].toSorted());
});

describe('the table', () => {
  test('holds no check that none of these frames breaks', () => {
    const broken = new Set([...BAD, ...BAD_DOWN].flatMap(([, clauses]) => clauses));

    expect(FRAME_CHECKS.map(({ clause }) => clause).filter((clause) => !broken.has(clause))).toEqual([]);
  });

  /** The statements that bind a client and that looking at its frames can decide: "lint" in the table of MQTT 3.1.1. */
  const BINDING =
    `1.5.3-1 1.5.3-2 2.2.2-1 2.3.1-1 2.3.1-2 2.3.1-3 2.3.1-5 2.3.1-6 3.1.0-1 3.1.0-2 3.1.2-1 3.1.2-2 3.1.2-3
    3.1.2-9 3.1.2-11 3.1.2-13 3.1.2-14 3.1.2-15 3.1.2-18 3.1.2-19 3.1.2-20 3.1.2-21 3.1.2-22 3.1.2-23 3.1.3-1 3.1.3-3
    3.1.3-4 3.1.3-7 3.1.3-10 3.1.3-11 3.3.1-1 3.3.1-2 3.3.1-4 3.3.2-1 3.3.2-2 3.3.4-1 3.6.1-1 3.8.1-1 3.8.3-1 3.8.3-3
    3.8.3-4 3.10.1-1 3.10.3-1 3.10.3-2 3.14.1-1 3.14.4-1 3.14.4-2 4.3.1-1 4.3.2-1 4.3.3-1 4.6.0-2 4.6.0-3 4.6.0-4
    4.7.1-1 4.7.1-2 4.7.1-3 4.7.3-1 4.7.3-2 4.7.3-3`.split(/\s+/);

  test('answers for every statement that frames can show, and gives a reason for the others', () => {
    const known = new Set([...lintClauses(), ...Object.keys(NOT_SHOWN_BY_FRAMES)]);

    expect(BINDING.map((id) => `MQTT-${id}`).filter((clause) => !known.has(clause))).toEqual([]);
  });
});
