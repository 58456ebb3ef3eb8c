import type { BslCommandName } from '../bsl/bsl-code.ts';
import type { FlashMemory } from './flash-memory.ts';
import type { SimFaults } from './sim-fault.ts';

export type DeviceStage = 'rom' | 'fdl1-wait' | 'fdl1' | 'fdl2' | 'dead' | 'resetting';

export interface LoaderRegion {
  readonly address: number;
  readonly limitBytes: number;
}

export interface DeviceOptions {
  readonly fdl1: LoaderRegion;
  readonly fdl2: LoaderRegion;
  /** Images must end with a signature whose first word is this key. */
  readonly secureBootKey: number | undefined;
  /** How long FDL2 mounts file systems before it serves the first command. */
  readonly bootDelayMs: number;
  /** A transfer of whole 64 byte packets is held back until more comes, as the loaders' USB driver does. */
  readonly holdsWholePackets: boolean;
  /** Transfers arrive cut and joined, as through a terminal; then one is whatever comes between two answers. */
  readonly isStream: boolean;
  /** Cuts answers at random places as well, from this seed. */
  readonly splitSeed: number | undefined;
}

/** What survives a reset: flash, file system, NV and production data. */
export interface DeviceStorage {
  readonly memory: FlashMemory;
  readonly files: Map<string, Buffer>;
  nv: Buffer;
  phaseCheck: Buffer | undefined;
}

/** What a stage of the device may do to the world. */
export interface DeviceContext {
  readonly options: DeviceOptions;
  readonly storage: DeviceStorage;
  readonly faults: SimFaults;
  /** When the device handles what it got: later than now while it is busy. */
  nowMs(): number;
  sendRaw(...pieces: readonly Buffer[]): void;
  /** A BSL answer to this command, through the armed faults. */
  send(command: BslCommandName | 'CHECK_BAUD', type: number, payload?: Uint8Array): void;
  /** Nothing is handled before this. */
  busyUntil(ms: number): void;
  /** Dead until a power cycle; nobody is told. */
  panic(why: string): void;
  enter(stage: 'fdl1-wait' | 'fdl1' | 'fdl2'): void;
  reset(): void;
}
