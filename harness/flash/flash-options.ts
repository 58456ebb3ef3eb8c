import type { Clock } from '../clock.ts';
import type { FlashDriver } from './external/flash-driver.ts';
import type { DeviceLeft } from './flash-advice.ts';
import type { FlashProgress } from './flash-progress.ts';
import type { FlashAllowance } from './plan/flash-plan.ts';
import type { ResolvedSku } from './plan/resolve-sku.ts';
import type { FlashTimeouts } from './session/flash-timeouts.ts';
import type { FlashHost } from './target/flash-host.ts';
import type { ModuleIdentity } from './target/module-identity.ts';

export interface FlashOptions {
  readonly pacPath: string;
  /** --sku */
  readonly sku?: string;
  /** What is known of the module that was named: by the inventory, or since it is virtual. */
  readonly moduleSku?: string;
  /** SKUs that may be recognised in a file name. */
  readonly knownSkus: readonly string[];
  /** USB path or port of the module; without it exactly one must be plugged in. */
  readonly port?: string;
  /** Show the plan and touch nothing. */
  readonly dryRun?: boolean;
  readonly allow?: readonly FlashAllowance[];
  /** Read everything back and compare. On unless false. */
  readonly verify?: boolean;
  readonly ignoreCrc?: boolean;
  readonly ignoreImages?: boolean;
  /** The revision that the module must report afterwards. */
  readonly expectRevision?: string;
  /** Folder of the journals. */
  readonly journalFolder: string;
  /** Native unless told otherwise. */
  readonly driver?: FlashDriver;
  readonly timeouts?: Partial<FlashTimeouts>;
  /** Honoured between files only. */
  readonly signal?: AbortSignal;
}

export interface FlashIo {
  readonly host: FlashHost;
  readonly clock: Clock;
  readonly onProgress: (progress: FlashProgress) => void;
  /** Lines for the user: the plan, warnings, texts of the loaders. */
  readonly onNotice: (line: string) => void;
}

/** How it went. `exitCode` is what the command ends with. */
export interface FlashReport {
  readonly ok: boolean;
  readonly exitCode: number;
  readonly dryRun: boolean;
  readonly driver: string;
  readonly sku: ResolvedSku | undefined;
  readonly loaderVersion: string | undefined;
  /** Of IMEIs the last four digits. */
  readonly before: ModuleIdentity | undefined;
  readonly after: ModuleIdentity | undefined;
  /** What was written, in order. */
  readonly written: readonly { readonly id: string; readonly bytes: number; readonly ms: number }[];
  readonly durationMs: number;
  readonly error: FlashReportError | undefined;
}

export interface FlashReportError {
  readonly code: string;
  readonly message: string;
  /** What to do next, and what state the module is in. */
  readonly advice: string;
  readonly left: DeviceLeft;
  readonly data: unknown;
}
