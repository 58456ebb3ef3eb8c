import { isFailure } from '../errors.ts';
import { type FlashFailureCode, isFlashFailure } from './flash-failure.ts';

/** How the command ends after each failure: 1 the module's, 2 the user's, 3 the rig's, 5 nothing there, 7 locked. */
const EXIT: Readonly<Record<FlashFailureCode, number>> = {
  FLASH_PAC_INVALID: 2,
  FLASH_POLICY: 2,
  FLASH_SKU_UNKNOWN: 2,
  FLASH_SKU_MISMATCH: 2,
  FLASH_AMBIGUOUS: 2,
  FLASH_TOOL_MISSING: 2,
  FLASH_FDL1_REJECTED: 2,
  FLASH_FDL2_REJECTED: 2,
  FLASH_NO_DEVICE: 5,
  FLASH_PORT_BUSY: 7,
  FLASH_PORT_PERMISSION: 3,
  FLASH_PORT_CONTENDED: 3,
  FLASH_ENTRY_REFUSED: 3,
  FLASH_AT_SILENT: 3,
  FLASH_ENTRY_STAYED: 3,
  FLASH_ENTRY_LOST: 3,
  FLASH_ROM_SILENT: 3,
  FLASH_PDL_TIMEOUT: 3,
  FLASH_PDL_REFUSED: 3,
  FLASH_NO_VERSION: 3,
  FLASH_WRONG_VERSION: 3,
  FLASH_BSL_TIMEOUT: 3,
  FLASH_REPLY_CORRUPT: 3,
  FLASH_REPLY_UNEXPECTED: 3,
  FLASH_PORT_VANISHED: 3,
  FLASH_STRAP_ON: 3,
  FLASH_TOOL_FAILED: 3,
  FLASH_TOOL_STALLED: 3,
  FLASH_BSL_REFUSED: 1,
  FLASH_VERIFY_MISMATCH: 1,
  FLASH_BOOT_TIMEOUT: 1,
  FLASH_IDENTITY_CHANGED: 1,
  FLASH_INTERRUPTED: 130,
};

/** A port that is absent is the rig's; anything that nobody named is a bug of ours (4). */
export function flashExitCode(thrown: unknown): number {
  if (isFlashFailure(thrown)) {
    // A named device that is not there is the rig's trouble; an empty search is an empty selection.
    if (isFailure(thrown, 'FLASH_NO_DEVICE') && thrown.data.wanted !== undefined) return 3;
    return EXIT[thrown.code];
  }
  if (isFailure(thrown, 'PORT_LOST')) return 3;
  if (isFailure(thrown, 'CONFIGURATION')) return 2;
  return 4;
}
