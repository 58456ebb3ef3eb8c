import { HarnessError } from '../../errors.ts';
import type { ReadyModule } from '../ready-module.ts';
import type { BenchModule } from './inventory.ts';

type Found = Pick<ReadyModule, 'sku' | 'imei'>;

/** @throws HarnessError CONFIGURATION — another module is plugged in there than the inventory says */
export function checkIdentity(expected: BenchModule, found: Found): void {
  const { name, usb, tcp } = expected;
  const differences = describeDifferences(expected, found);
  if (differences.length === 0) return;
  const message = `${name}: at ${usb ?? tcp} is another module than bench.yaml says: ${differences.join(', ')}`;
  throw new HarnessError('CONFIGURATION', message, { subject: name });
}

/** Where a module is not the one that an entry means; an IMEI by its last digits, since a log must not tell a whole one. */
export function describeDifferences(expected: BenchModule, { sku, imei }: Found): readonly string[] {
  return [
    ...(expected.sku === undefined || expected.sku === sku ? [] : [`SKU ${sku} instead of ${expected.sku}`]),
    ...(expected.imei === undefined || expected.imei === imei
      ? []
      : [`IMEI …${imei.slice(-4)} instead of …${expected.imei.slice(-4)}`]),
  ];
}
