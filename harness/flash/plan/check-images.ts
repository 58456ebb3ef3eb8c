import { asError, isFailure } from '../../errors.ts';
import { readAppImage } from '../image/app-image.ts';
import { readPrepack } from '../image/prepack.ts';
import { readUImage } from '../image/u-image.ts';
import type { FlashPlan, FlashStep } from './flash-plan.ts';

/**
 * Looks into every image before any hardware is touched: what the module would refuse to start is not sent to it.
 * With `ignore` a damaged image becomes a warning; files with dangerous names stay refused.
 * @throws HarnessError FLASH_PAC_INVALID
 */
export function checkImages(plan: FlashPlan, { ignore = false } = {}): readonly string[] {
  const checks = [
    () => void readUImage(plan.fdl1.bytes, 'HOST_FDL'),
    () => void readUImage(plan.fdl2.bytes, 'FDL2'),
    ...plan.steps.filter(isApplication).map(
      ({ item }) =>
        () =>
          void readAppImage(item.bytes, item.id),
    ),
  ];
  for (const { item } of plan.steps.filter(({ itemClass, kind }) => itemClass === 'files' && kind === 'data'))
    readPrepack(item.bytes);
  return checks.flatMap((check) => warningOf(check, ignore));
}

function isApplication({ kind, itemClass, item }: FlashStep): boolean {
  return kind === 'data' && itemClass === 'application' && item.id.startsWith('APPIMG');
}

function warningOf(check: () => void, ignore: boolean): readonly string[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!ignore || !isFailure(error, 'FLASH_PAC_INVALID')) throw error;
    return [asError(error).message];
  }
}
