import { HarnessError } from '../../errors.ts';
import type { ReadyModule } from '../ready-module.ts';
import type { BenchModule } from './inventory.ts';

/** @throws HarnessError CONFIGURATION — another module is plugged in there than the inventory says */
export function checkIdentity(expected: BenchModule, { sku, imei }: ReadyModule): void {
  const { name, usb } = expected;
  const differences = [
    ...(expected.sku === undefined || expected.sku === sku ? [] : [`SKU ${sku} instead of ${expected.sku}`]),
    // Its last digits: a log must not tell a whole IMEI.
    ...(expected.imei === undefined || expected.imei === imei
      ? []
      : [`IMEI …${imei.slice(-4)} instead of …${expected.imei.slice(-4)}`]),
  ];
  if (differences.length === 0) return;
  const message = `${name}: at ${usb} is another module than bench.yaml says: ${differences.join(', ')}`;
  throw new HarnessError('CONFIGURATION', message, { subject: name });
}
