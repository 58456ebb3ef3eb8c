import { type FailureCode, HarnessError } from '../errors.ts';

/** Where in a flash something happened; a report shows it beside the message. */
export type FlashStage = 'preflight' | 'enter' | 'rom' | 'fdl1' | 'fdl2' | 'reset' | 'boot';

export interface FlashPoint {
  readonly stage: FlashStage;
  /** What was asked, in the words of the protocol: "END_DATA". */
  readonly operation: string;
  /** The PAC's id of what was being written: "APPIMG". */
  readonly fileId?: string;
  /** Bytes of that file which the device had acknowledged. */
  readonly offsetBytes?: number;
  /** The last transfers as hex, oldest first, `>` to the device, `<` from it. */
  readonly trace: readonly string[];
}

/** Failures of flashing; `flash-advice.ts` tells what to do after each, `flash-exit-code.ts` how the command ends. */
export interface FlashFailureData {
  /** The PAC breaks its format, or what is in it is damaged. */
  FLASH_PAC_INVALID: { readonly reason: string; readonly offsetBytes?: number };
  /** The plan holds something that may not be written without an option, or not by this driver at all. */
  FLASH_POLICY: { readonly items: readonly string[]; readonly option: string | undefined };
  /** Nobody said for which SKU the PAC is. */
  FLASH_SKU_UNKNOWN: { readonly option: string };
  /** Two sources disagree on the SKU, or the module is another one. */
  FLASH_SKU_MISMATCH: { readonly wanted: string; readonly found: string };
  /** No device to flash is plugged in. */
  FLASH_NO_DEVICE: { readonly wanted: string | undefined };
  /** More than one device could be meant. */
  FLASH_AMBIGUOUS: { readonly devices: readonly string[] };
  /** Somebody else holds the module or its port. */
  FLASH_PORT_BUSY: { readonly port: string };
  /** The operating system refused the port. */
  FLASH_PORT_PERMISSION: { readonly port: string };
  /** Another program would open the download port and so kill the loader. */
  FLASH_PORT_CONTENDED: { readonly programs: readonly string[] };
  /** The module answered the download command with an error. */
  FLASH_ENTRY_REFUSED: { readonly answer: string };
  /** The AT port does not answer. */
  FLASH_AT_SILENT: { readonly port: string; readonly command: string };
  /** The module took the download command and stayed. */
  FLASH_ENTRY_STAYED: { readonly waitedMs: number };
  /** The module left and no download device came on its USB path. */
  FLASH_ENTRY_LOST: { readonly usbPath: string; readonly waitedMs: number };
  /** No answer to CONNECT on the download port. */
  FLASH_ROM_SILENT: FlashPoint & { readonly attempts: number };
  /** The boot ROM stopped answering. */
  FLASH_PDL_TIMEOUT: FlashPoint & { readonly timeoutMs: number };
  /** The boot ROM answered with an error. */
  FLASH_PDL_REFUSED: FlashPoint & { readonly response: number; readonly responseName: string };
  /** The boot ROM did not accept the first loader's image or signature. */
  FLASH_FDL1_REJECTED: FlashPoint & { readonly responseName: string };
  /** The first loader was started and stays silent. */
  FLASH_NO_VERSION: FlashPoint & { readonly attempts: number };
  /** What answers calls itself something else than the 8910 loader. */
  FLASH_WRONG_VERSION: FlashPoint & { readonly version: string };
  /** The first loader did not accept the second one's signature. */
  FLASH_FDL2_REJECTED: FlashPoint;
  /** A loader answered with an error. */
  FLASH_BSL_REFUSED: FlashPoint & { readonly reply: number; readonly replyName: string };
  /** A loader stopped answering. */
  FLASH_BSL_TIMEOUT: FlashPoint & { readonly timeoutMs: number };
  /** An answer was damaged on its way. */
  FLASH_REPLY_CORRUPT: FlashPoint & { readonly reason: string };
  /** A whole and valid answer that fits nothing that was asked. */
  FLASH_REPLY_UNEXPECTED: FlashPoint & { readonly replyName: string };
  /** The port went away in the middle. */
  FLASH_PORT_VANISHED: FlashPoint;
  /** What was read back differs from what was written. */
  FLASH_VERIFY_MISMATCH: FlashPoint & { readonly address: number };
  /** The module did not come back after the reset. */
  FLASH_BOOT_TIMEOUT: { readonly usbPath: string; readonly waitedMs: number };
  /** The module came back in download mode. */
  FLASH_STRAP_ON: { readonly usbPath: string };
  /** What came back is not the module that left, or not the firmware that was meant. */
  FLASH_IDENTITY_CHANGED: { readonly field: string; readonly before: string; readonly after: string };
  /** An external tool ended without success. */
  FLASH_TOOL_FAILED: { readonly tool: string; readonly exitCode: number | null; readonly lastLines: readonly string[] };
  /** An external tool was stopped by the watchdog. */
  FLASH_TOOL_STALLED: { readonly tool: string; readonly limitMs: number; readonly lastLines: readonly string[] };
  /** An external tool is not there. */
  FLASH_TOOL_MISSING: { readonly tool: string };
  /** The user interrupted at a place where that is safe. */
  FLASH_INTERRUPTED: { readonly next: string | undefined; readonly written: readonly string[] };
}

declare module '../errors.ts' {
  interface FailureData extends FlashFailureData {}
}

export type FlashFailureCode = keyof FlashFailureData;

/** Narrows to a failure of flashing, whatever its code. */
export function isFlashFailure(thrown: unknown): thrown is HarnessError<FlashFailureCode> {
  return thrown instanceof HarnessError && isFlashCode(thrown.code);
}

function isFlashCode(code: FailureCode): code is FlashFailureCode {
  return code.startsWith('FLASH_');
}
