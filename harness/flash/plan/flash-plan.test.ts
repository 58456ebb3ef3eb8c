import { expect, test } from '@jest/globals';
import { buildUImage } from '../image/u-image.ts';
import { buildPlannedPac, type PlannedPart } from '../pac/build-app-pac.ts';
import { parsePac } from '../pac/parse-pac.ts';
import { type PacPlan, readPacPlan } from '../pac/read-pac-plan.ts';
import { checkNativeDriver, checkRefused, type FlashAllowance, planFlash } from './flash-plan.ts';
import { renderPlan } from './render-plan.ts';
import { isRevisionOf, resolveSku } from './resolve-sku.ts';

const loaders: readonly PlannedPart[] = [
  {
    id: 'HOST_FDL',
    type: 'HOST_FDL',
    address: 0x80_00c0,
    roomBytes: 0xff40,
    bytes: buildUImage(Buffer.alloc(4), { load: 0, name: 'a' }),
  },
  {
    id: 'FDL2',
    type: 'FDL2',
    address: 0x81_0000,
    roomBytes: 0x3_0000,
    bytes: buildUImage(Buffer.alloc(4), { load: 0, name: 'b' }),
  },
];
const app = { id: 'APPIMG', type: 'CODE', address: 0x6025_0000, roomBytes: 0x12_0000, bytes: Buffer.alloc(4) } as const;

function pacOf(...parts: readonly PlannedPart[]): PacPlan {
  return readPacPlan(parsePac(buildPlannedPac('x', [...loaders, ...parts])));
}

test('an application and its files need nobody’s permission', () => {
  const plan = planFlash(
    pacOf(app, { id: 'PREPACK', type: 'CODE', address: 0xfe00_0004, roomBytes: 0, bytes: Buffer.alloc(2) }),
    new Set(),
  );

  expect(plan.refused).toEqual([]);
  expect(plan.steps.map(({ itemClass }) => itemClass)).toEqual(['application', 'files']);
  expect(plan.totalBytes).toBe(68 + 68 + 4 + 2);
});

test.each<readonly [PlannedPart, FlashAllowance | undefined]>([
  [{ id: 'AP', type: 'CODE', address: 0x6001_0000, roomBytes: 0x24_0000, bytes: Buffer.alloc(4) }, 'core'],
  [{ id: 'APPIMG', type: 'CODE', address: 0x6000_0000, roomBytes: 0x1_0000, bytes: Buffer.alloc(4) }, 'core'],
  [{ id: 'APPIMG', type: 'CODE', address: 0x6025_0000, roomBytes: 0x20_0000, bytes: Buffer.alloc(4) }, 'core'],
  [{ id: 'ERASE_BOOT', type: 'EraseFlash', address: 0x6000_0000, roomBytes: 0x1_0000 }, 'core'],
  [{ id: 'NV', type: 'NV', address: 0xfe00_0003, roomBytes: 0x2_0000, bytes: Buffer.alloc(4) }, 'nv'],
  [{ id: 'X', type: 'CODE', address: 0xfe00_0003, roomBytes: 0x2_0000, bytes: Buffer.alloc(4) }, 'nv'],
  [{ id: 'FLASH', type: 'EraseFlash', address: 0xfe00_0001, roomBytes: 0 }, 'nv'],
  [{ id: 'PhaseCheck', type: 'CODE', address: 0xfe00_0002, roomBytes: 0x100 }, 'production'],
  [{ id: 'FMT_FSSYS', type: 'EraseFlash', address: 0xfe00_0006, roomBytes: 0x5359_5346 }, 'format'],
  [{ id: 'ERASE_ALL', type: 'EraseFlash', address: 0, roomBytes: 0xffff_ffff }, 'erase-all'],
  [{ id: 'APPIMG', type: 'CODE', address: 0x1000_0000, roomBytes: 0, bytes: Buffer.alloc(4) }, undefined],
])('%j is refused without its allowance, whatever it is called', (part, allowance) => {
  const plan = planFlash(pacOf(part), new Set());

  expect(plan.refused).toMatchObject([{ id: part.id, allowance }]);
  expect(() => checkRefused(plan)).toThrow(
    expect.objectContaining({
      code: 'FLASH_POLICY',
      data: { items: [part.id], option: allowance === undefined ? undefined : `--allow ${allowance}` },
    }),
  );
});

test('an allowance lets its own class pass, and the native driver still leaves core and NV to the vendor’s tool', () => {
  const plan = planFlash(
    pacOf({ id: 'AP', type: 'CODE', address: 0x6001_0000, roomBytes: 0, bytes: Buffer.alloc(4) }),
    new Set<FlashAllowance>(['core']),
  );

  expect(() => checkRefused(plan)).not.toThrow();
  expect(() => checkNativeDriver(plan)).toThrow('--driver qdloader');
});

test('what the PAC does not select is skipped and said so', () => {
  const plan = planFlash(
    pacOf(app, { id: 'FMT_FSEXT', type: 'EraseFlash', address: 0xfe00_0006, roomBytes: 1, checked: false }),
    new Set(),
  );

  expect(plan.skipped).toEqual([{ id: 'FMT_FSEXT', why: 'not selected in the PAC' }]);
  expect(renderPlan(plan)).toContain('  skip    FMT_FSEXT    not selected in the PAC');
});

test('two items that write the same flash are refused', () => {
  const other = { ...app, id: 'APPIMG2', address: 0x6025_0002 };

  expect(() => planFlash(pacOf(app, other), new Set())).toThrow('"APPIMG" and "APPIMG2" write the same flash');
});

test('a PAC without loaders, or with loaders for another place, is refused', () => {
  const bare = readPacPlan(parsePac(buildPlannedPac('x', [app])));
  const elsewhere = readPacPlan(
    parsePac(
      buildPlannedPac('x', [
        { ...loaders[0], id: 'HOST_FDL', type: 'HOST_FDL', address: 0x6000_0000, roomBytes: 0, bytes: Buffer.alloc(4) },
        ...loaders.slice(1),
      ]),
    ),
  );

  expect(() => planFlash(bare, new Set())).toThrow('exactly one HOST_FDL');
  expect(() => planFlash(elsewhere, new Set())).toThrow('not a PAC of this family');
});

const known = ['EC200U-CN', 'EC200U-EU', 'EG500U-CN'];

test.each([
  [
    { option: 'EC200U-CN', module: undefined, pacPath: '/x/app.pac' },
    { sku: 'EC200U-CN', source: '--sku' },
  ],
  [
    { option: undefined, module: 'EC200U-CN', pacPath: 'app.pac' },
    { sku: 'EC200U-CN', source: '--module' },
  ],
  [
    { option: undefined, module: undefined, pacPath: '/x/EC200UCNAAR03A09M08_app.pac' },
    { sku: 'EC200U-CN', source: 'file name' },
  ],
] as const)('from %j the SKU is %j', (sources, expected) => {
  expect(resolveSku({ ...sources, known })).toEqual(expected);
});

test('a file name in a folder of another SKU says nothing, and nobody saying anything is refused with the option', () => {
  expect(() => resolveSku({ option: undefined, module: undefined, pacPath: '/EC200U-CN/app.pac', known })).toThrow(
    'say it with --sku',
  );
});

test('two who disagree on the SKU are refused with both', () => {
  expect(() => resolveSku({ option: 'EC200U-EU', module: undefined, pacPath: 'EC200U-CN.pac', known })).toThrow(
    '--sku says that the PAC is for EC200U-EU, file name says EC200U-CN',
  );
});

test('a revision belongs to the SKU whose model and region open it', () => {
  expect(isRevisionOf('EC200U-CN', 'EC200UCNAAR03A09M08')).toBe(true);
  expect(isRevisionOf('EC200U-EU', 'EC200UCNAAR03A09M08')).toBe(false);
  expect(isRevisionOf('EC200U-CN', '')).toBe(false);
});
