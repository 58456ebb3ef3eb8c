import { HarnessError } from '../../errors.ts';
import type { PacItem, PacPlan } from '../pac/read-pac-plan.ts';
import { refusePac } from '../refuse-pac.ts';
import { classOf, type ItemClass } from './item-class.ts';

/** What a user can allow beyond applications and files. */
export const FLASH_ALLOWANCES = ['core', 'nv', 'production', 'format', 'erase-all'] as const;

export type FlashAllowance = (typeof FLASH_ALLOWANCES)[number];

export interface FlashStep {
  readonly kind: 'data' | 'operation';
  readonly itemClass: ItemClass;
  readonly item: PacItem;
}

export interface FlashPlan {
  readonly fdl1: PacItem;
  readonly fdl2: PacItem;
  /** In the order of the PAC's plan, without the loaders. */
  readonly steps: readonly FlashStep[];
  readonly skipped: readonly { readonly id: string; readonly why: string }[];
  /** What stands in the way of executing this, in the order of the plan. */
  readonly refused: readonly {
    readonly id: string;
    readonly itemClass: ItemClass;
    readonly allowance: FlashAllowance | undefined;
  }[];
  /** All bytes that go to the device, loaders included. */
  readonly totalBytes: number;
}

const ALLOWANCE: Readonly<Record<ItemClass, FlashAllowance | 'free' | undefined>> = {
  loader: 'free',
  application: 'free',
  files: 'free',
  format: 'format',
  core: 'core',
  nv: 'nv',
  production: 'production',
  chip: 'erase-all',
  unknown: undefined,
};

/**
 * Orders what a PAC wants to do and marks what may not be done.
 * @throws HarnessError FLASH_PAC_INVALID — the loaders are missing, or two items write the same place
 */
export function planFlash(pac: PacPlan, allowed: ReadonlySet<FlashAllowance>): FlashPlan {
  const fdl1 = only(pac, 'HOST_FDL');
  const fdl2 = only(pac, 'FDL2');
  const selected = pac.items.filter((item) => item !== fdl1 && item !== fdl2 && isSelected(item));
  const steps = selected.map(
    (item): FlashStep => ({ kind: item.hasData ? 'data' : 'operation', itemClass: classOf(item), item }),
  );
  checkOverlap(steps);
  return {
    fdl1,
    fdl2,
    steps,
    skipped: pac.items.filter((item) => !isSelected(item)).map(({ id }) => ({ id, why: 'not selected in the PAC' })),
    refused: steps.flatMap(({ item, itemClass }) => refusalOf(item, itemClass, allowed)),
    totalBytes: [fdl1, fdl2, ...selected].reduce((sum, item) => sum + item.bytes.length, 0),
  };
}

/** @throws HarnessError FLASH_POLICY — naming the items and the option that would allow them */
export function checkRefused(plan: FlashPlan): void {
  const [first] = plan.refused;
  if (first === undefined) return;
  const items = plan.refused.map(({ id }) => id);
  const options = [...new Set(plan.refused.map(({ allowance }) => allowance))];
  const option = options.includes(undefined) ? undefined : options.map((allowance) => `--allow ${allowance}`).join(' ');
  const what = items.join(', ');
  const message =
    option === undefined
      ? `${what}: nobody knows what is at that address, so it is not written`
      : `${what}: more than an application; ${option} would allow it`;
  throw new HarnessError('FLASH_POLICY', message, { items, option });
}

/** What only the vendor's tool writes, since it saves and merges calibration and IMEI. @throws HarnessError FLASH_POLICY */
export function checkNativeDriver(plan: FlashPlan): void {
  const items = plan.steps
    .filter(
      ({ itemClass }) =>
        itemClass === 'core' || itemClass === 'nv' || itemClass === 'production' || itemClass === 'chip',
    )
    .map(({ item }) => item.id);
  if (items.length === 0) return;
  const message = `${items.join(', ')}: this flasher writes applications and files; --driver qdloader writes core and NV`;
  throw new HarnessError('FLASH_POLICY', message, { items, option: '--driver qdloader' });
}

function isSelected(item: PacItem): boolean {
  return item.checked || item.mandatory;
}

function refusalOf(item: PacItem, itemClass: ItemClass, allowed: ReadonlySet<FlashAllowance>): FlashPlan['refused'] {
  const allowance = ALLOWANCE[itemClass];
  if (allowance === 'free' || (allowance !== undefined && allowed.has(allowance))) return [];
  return [{ id: item.id, itemClass, allowance }];
}

function only(pac: PacPlan, type: 'HOST_FDL' | 'FDL2'): PacItem {
  const [item, ...more] = pac.items.filter((candidate) => candidate.type === type);
  if (item === undefined || more.length > 0 || !item.hasData)
    return refusePac(
      'not a usable PAC',
      `it needs exactly one ${type} with data and has ${item === undefined ? 0 : more.length + 1}`,
    );
  const end = item.address + item.bytes.length;
  // Loaders go to the chip's SRAM; anything else is a PAC of another family.
  if (item.address < 0x80_0000 || end > 0x88_0000)
    return refusePac('not a PAC of this family', `${type} wants to be at 0x${item.address.toString(16)}`);
  return item;
}

function checkOverlap(steps: readonly FlashStep[]): void {
  const writes = steps
    .filter(({ kind, item }) => kind === 'data' && item.address < 0xfe00_0000)
    .toSorted((a, b) => a.item.address - b.item.address);
  for (const [index, { item }] of writes.entries()) {
    const next = writes[index + 1]?.item;
    if (next !== undefined && item.address + item.bytes.length > next.address)
      refusePac('not a usable PAC', `"${item.id}" and "${next.id}" write the same flash`);
  }
}
