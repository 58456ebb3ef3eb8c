import type { FlashStage } from './flash-failure.ts';

export interface FlashProgress {
  readonly stage: FlashStage;
  /** What is being written, erased or compared. */
  readonly fileId: string | undefined;
  /** Bytes that the device acknowledged, of all that will be sent and compared. */
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Smoothed; undefined until there is something to tell. */
  readonly bytesPerS: number | undefined;
  readonly etaS: number | undefined;
}
