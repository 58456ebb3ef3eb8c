import { expect, test } from '@jest/globals';
import { buildPlannedPac, type PlannedPart } from './build-app-pac.ts';
import type { PacContainer } from './pac-layout.ts';
import { parsePac } from './parse-pac.ts';
import { readPacPlan } from './read-pac-plan.ts';

const parts: readonly PlannedPart[] = [
  { id: 'HOST_FDL', type: 'HOST_FDL', address: 0x80_00c0, roomBytes: 0xff40, bytes: Buffer.from('one') },
  { id: 'FDL2', type: 'FDL2', address: 0x81_0000, roomBytes: 0x3_0000, bytes: Buffer.from('two') },
  { id: 'APPIMG', type: 'CODE', address: 0x6025_0000, roomBytes: 0x12_0000, bytes: Buffer.from('three') },
  { id: 'FMT_FSEXT', type: 'EraseFlash', address: 0xfe00_0006, roomBytes: 0x5458_4546, checked: false },
];
const pac = parsePac(buildPlannedPac('x', parts));

function withXml(change: (xml: string) => string): PacContainer {
  return { ...pac, xml: Buffer.from(change(pac.xml?.toString('utf8') ?? '')) };
}

test('the plan joins XML and entries in the order of the XML', () => {
  const plan = readPacPlan(pac);

  expect(plan.product).toBe('UIX8910_MODEM');
  expect(
    plan.items.map(({ id, bytes, hasData, mandatory, checked }) => [id, bytes.toString(), hasData, mandatory, checked]),
  ).toEqual([
    ['HOST_FDL', 'one', true, true, true],
    ['FDL2', 'two', true, true, true],
    ['APPIMG', 'three', true, false, true],
    ['FMT_FSEXT', '', false, false, false],
  ]);
});

test('the items that NV must keep are read', () => {
  const item =
    '<NVItem name="IMEI" backup="1"><ID>0xFFFFFFFF</ID></NVItem><NVItem name="BT" backup="0"><ID>0x191</ID></NVItem>';
  const plan = readPacPlan(withXml((xml) => xml.replace('<NVBackup backup="0">', `<NVBackup backup="1">${item}`)));

  expect(plan.nvBackup).toEqual([{ name: 'IMEI', id: 0xffff_ffff }]);
});

test('an entry that the plan does not list is a warning', () => {
  const plan = readPacPlan(withXml((xml) => xml.replace(/<File>\s*<ID>FMT_FSEXT[^]*?<\/File>/u, '')));

  expect(plan.warnings).toEqual(['"FMT_FSEXT" is in the PAC and not in its plan: never written']);
});

test.each([
  ['another root', (xml: string) => xml.replaceAll('BMAConfig', 'Other'), 'starts with <Other>'],
  ['no scheme', (xml: string) => xml.replaceAll('SchemeList', 'Nothing'), 'no <SchemeList>'],
  ['another scheme', (xml: string) => xml.replace('<SchemeName>UIX', '<SchemeName>ABC'), 'wants the scheme'],
  ['an unknown file', (xml: string) => xml.replace('<ID>APPIMG', '<ID>OTHER'), 'the PAC has no such entry'],
  ['a file twice', (xml: string) => xml.replace(/<File>\s*<ID>FDL2[^]*?<\/File>/u, '$&$&'), 'lists a file twice'],
  ['another address', (xml: string) => xml.replace('0x60250000', '0x60000000'), 'disagree on the address'],
  ['too little room', (xml: string) => xml.replace('0x120000', '0x4'), 'has 5 bytes and its plan has room for 4'],
  [
    'data that is not there',
    (xml: string) => xml.replace(/(<ID>FMT_FSEXT[^]*?<Flag>)0/u, '$11'),
    'disagree on whether',
  ],
  ['an unknown type', (xml: string) => xml.replace('<Type>CODE', '<Type>EXPLODE'), 'unknown type "EXPLODE"'],
  ['an address that is no number', (xml: string) => xml.replace('0x60250000', '-1'), 'not a number'],
  ['an address beyond 32 bit', (xml: string) => xml.replace('0x60250000', '0x160250000'), 'not a number'],
])('a plan with %s is refused', (_, change, message) => {
  expect(() => readPacPlan(withXml(change))).toThrow(message);
});

test('a PAC without a plan is refused', () => {
  expect(() => readPacPlan({ ...pac, xml: undefined })).toThrow('no XML plan');
});
