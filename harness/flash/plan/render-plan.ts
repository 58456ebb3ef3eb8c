import type { FlashPlan, FlashStep } from './flash-plan.ts';

/** The lines that --dry-run prints: what goes where, how much of it, what is left out and what stands in the way. */
export function renderPlan(plan: FlashPlan): readonly string[] {
  return [
    row('load', plan.fdl1.id, plan.fdl1.address, size(plan.fdl1.bytes.length)),
    row('load', plan.fdl2.id, plan.fdl2.address, size(plan.fdl2.bytes.length)),
    ...plan.steps.map(stepRow),
    ...plan.skipped.map(({ id, why }) => `  skip    ${id.padEnd(12)} ${why}`),
    ...plan.refused.map(
      ({ id, itemClass, allowance }) => `  REFUSED ${id.padEnd(12)} ${itemClass}; ${remedy(allowance)}`,
    ),
    `  total   ${size(plan.totalBytes)}`,
  ];
}

function stepRow({ kind, item, itemClass }: FlashStep): string {
  const fill = kind === 'data' && item.roomBytes > 0 ? ` of ${size(item.roomBytes)}` : '';
  const amount = kind === 'data' ? `${size(item.bytes.length)}${fill}` : `0x${item.roomBytes.toString(16)}`;
  return `${row(kind === 'data' ? 'write' : 'erase', item.id, item.address, amount)} (${itemClass})`;
}

function row(verb: string, id: string, address: number, amount: string): string {
  return `  ${verb.padEnd(7)} ${id.padEnd(12)} 0x${address.toString(16).padStart(8, '0')}  ${amount}`;
}

function size(bytes: number): string {
  return bytes < 10_240 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KiB`;
}

function remedy(allowance: string | undefined): string {
  return allowance === undefined ? 'at an unknown address' : `needs --allow ${allowance}`;
}
