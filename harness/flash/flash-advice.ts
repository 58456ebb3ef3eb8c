import type { HarnessError } from '../errors.ts';
import type { FlashFailureCode } from './flash-failure.ts';
import { isFlashFailure } from './flash-failure.ts';

/** In which state a failure left the module, as far as we know. */
export type DeviceLeft =
  /** No byte went to the boot ROM. */
  | 'untouched'
  /** In download mode, nothing written yet. */
  | 'download'
  /** Reset after a write that did not finish. */
  | 'restarted'
  /** In its boot ROM or the first loader, perhaps dead; nothing written. */
  | 'loader'
  /** In the second loader, perhaps dead, in the middle of a write or after one. */
  | 'unknown'
  /** Everything was written; the module was reset. */
  | 'written';

const NEXT: Readonly<Record<FlashFailureCode, string>> = {
  FLASH_PAC_INVALID:
    'fetch or build the PAC again; --ignore-crc passes a wrong CRC, --ignore-images an image that our checks do not know',
  FLASH_POLICY: 'use the application PAC of the build, or give the option named above',
  FLASH_SKU_UNKNOWN: 'say with --sku for which module the PAC was built',
  FLASH_SKU_MISMATCH: 'a PAC of another SKU can kill the module: check which one is plugged in and which PAC was built',
  FLASH_NO_DEVICE:
    'run "qlhil doctor"; check cable and power; a module whose firmware does not start needs the USB_BOOT strap',
  FLASH_AMBIGUOUS: 'choose one with --module and its USB path',
  FLASH_PORT_BUSY: 'end the other program or wait for the other run; "qlhil lock status" tells who holds it',
  FLASH_PORT_PERMISSION: 'add yourself to the group of the port or install the udev rule of docs/flash.md',
  FLASH_PORT_CONTENDED:
    'install the udev rule of docs/flash.md, which tells that program to leave the download port alone, or stop it',
  FLASH_ENTRY_REFUSED: 'this firmware has no download command: hold USB_BOOT at 1.8 V, power-cycle, and flash again',
  FLASH_AT_SILENT:
    'check that nothing else has the AT port open and that the module has booted; else use the USB_BOOT strap',
  FLASH_ENTRY_STAYED: 'reset the module and flash again; if it stays once more, use the USB_BOOT strap',
  FLASH_ENTRY_LOST: 'check cable, hub and power; then flash again',
  FLASH_ROM_SILENT:
    'power-cycle with the USB_BOOT strap held, then flash again: a loader may still be running, or this is no boot ROM',
  FLASH_PDL_TIMEOUT: 'power-cycle the module and flash again',
  FLASH_PDL_REFUSED: 'check that the PAC is for this module; power-cycle and flash again',
  FLASH_FDL1_REJECTED: 'the PAC is damaged or signed for another product: use the PAC of this product',
  FLASH_NO_VERSION: 'power-cycle the module; if it happens again, the PAC is for another module',
  FLASH_WRONG_VERSION: 'this is no loader of the 8910 family: check the USB path and the PAC, power-cycle',
  FLASH_FDL2_REJECTED: 'the PAC is signed for another product: use the PAC of this product',
  FLASH_BSL_REFUSED:
    'flash again; if the same answer comes, the flash or the file system of the module may need a core PAC',
  FLASH_BSL_TIMEOUT: 'power-cycle the module and flash again',
  FLASH_REPLY_CORRUPT: 'check cable and hub, power-cycle, flash again',
  FLASH_REPLY_UNEXPECTED: 'power-cycle the module and flash again; another program may be using the port',
  FLASH_PORT_VANISHED: 'check cable and power; the module starts its old core by itself, then flash again',
  FLASH_VERIFY_MISMATCH: 'flash again; if it differs again, the flash of the module is worn',
  FLASH_BOOT_TIMEOUT: 'power-cycle; if it does not come back, hold USB_BOOT and flash again',
  FLASH_STRAP_ON:
    'release the USB_BOOT strap and power-cycle; without a strap the bootloader is missing: flash a core PAC',
  FLASH_IDENTITY_CHANGED: 'check that the right PAC was flashed and that nobody exchanged the module',
  FLASH_TOOL_FAILED:
    'read the last lines of the tool; power-cycle with the USB_BOOT strap held before the next attempt',
  FLASH_TOOL_STALLED: 'power-cycle with the USB_BOOT strap held, then flash again',
  FLASH_TOOL_MISSING: 'build the tool or name it with --driver-command',
  FLASH_INTERRUPTED: 'flash again to finish',
};

const LEFT: Readonly<Record<DeviceLeft, string>> = {
  untouched: 'nothing was sent to the module',
  download: 'nothing was written; the module is in download mode until its next power cycle',
  loader: 'nothing was written; the module may be in a loader, and only a power cycle gets it out',
  restarted: 'the module was reset; its core is intact and starts, its application is incomplete and does not',
  unknown:
    'the module may be in a loader; nothing but a power cycle gets it out; an incomplete application does not start, the core does',
  written: 'everything was written before this',
};

/** Two sentences for the user: what to do next, and in what state the module is. */
export function flashAdvice(error: HarnessError, left: DeviceLeft): string {
  return `${isFlashFailure(error) ? NEXT[error.code] : 'flash again'}; ${LEFT[left]}`;
}
