import { HarnessError } from '../errors.ts';
import type { FlashFailureData } from './flash-failure.ts';

interface Where {
  readonly offsetBytes?: number;
  readonly cause?: unknown;
}

/** @throws HarnessError FLASH_PAC_INVALID — always: "`what`: `reason` (at byte N)" */
export function refusePac(what: string, reason: string, { offsetBytes, cause }: Where = {}): never {
  const place = offsetBytes === undefined ? '' : ` (at byte ${offsetBytes})`;
  const data: FlashFailureData['FLASH_PAC_INVALID'] = {
    reason: `${what}: ${reason}`,
    ...(offsetBytes === undefined ? {} : { offsetBytes }),
  };
  throw new HarnessError('FLASH_PAC_INVALID', `${what}: ${reason}${place}`, data, cause === undefined ? {} : { cause });
}
