import type { DeviceLeft } from './flash-advice.ts';
import type { FlashStage } from './flash-failure.ts';
import type { FlashJournal, JournalRecord } from './flash-journal.ts';
import type { FlashIo, FlashReport } from './flash-options.ts';
import type { NativeFlashEvents } from './native-flash.ts';
import { RateMeter } from './rate-meter.ts';
import type { ModuleIdentity } from './target/module-identity.ts';

type Facts = Pick<FlashReport, 'loaderVersion' | 'before' | 'after' | 'written'>;

/** Keeps the books of one flash: what was done, in which state the module is, how far along we are. */
export class FlashLedger implements NativeFlashEvents {
  /** In which state a failure at this moment would leave the module. */
  left: DeviceLeft = 'untouched';
  before: ModuleIdentity | undefined;
  after: ModuleIdentity | undefined;
  /** Where records go from the moment on that there is something to write down. */
  journal: FlashJournal | undefined;
  totalBytes = 0;
  readonly #io: FlashIo;
  readonly #meter: RateMeter;
  readonly #written: { readonly id: string; readonly bytes: number; readonly ms: number }[] = [];
  #loaderVersion: string | undefined;
  #stage: FlashStage = 'preflight';
  #file: { readonly id: string; readonly bytes: number; readonly startedMs: number } | undefined;
  #doneBytes = 0;

  constructor(io: FlashIo) {
    this.#io = io;
    this.#meter = new RateMeter(io.clock);
  }

  facts(): Facts {
    return {
      loaderVersion: this.#loaderVersion,
      before: masked(this.before),
      after: masked(this.after),
      written: this.#written,
    };
  }

  record(record: JournalRecord): void {
    this.journal?.write(record);
  }

  onStage(stage: FlashStage): void {
    this.#stage = stage;
    this.record({ event: 'stage', stage });
    this.#tell();
  }

  onFile(id: string, bytes: number): void {
    this.record({ event: 'file', id, bytes });
    this.#file = { id, bytes, startedMs: this.#io.clock.nowMs() };
    this.#tell();
  }

  /** How long it was; 0 when nothing was begun. */
  onFileDone(): number {
    if (this.#file === undefined) return 0;
    const { id, bytes, startedMs } = this.#file;
    this.#written.push({ id, bytes, ms: this.#io.clock.nowMs() - startedMs });
    this.record({ event: 'file-done', id });
    this.#file = undefined;
    return bytes;
  }

  onBytes(count: number): void {
    this.#doneBytes += count;
    this.#meter.add(this.#doneBytes);
    this.#tell();
  }

  /** For tools that tell a share of the whole. */
  onPercent(percent: number): void {
    this.onBytes((this.totalBytes * percent) / 100 - this.#doneBytes);
  }

  onRetry(id: string, reason: string): void {
    this.record({ event: 'retry', id, reason });
    this.#io.onNotice(`warning: ${id} is written once more: ${reason}`);
  }

  onLog(text: string): void {
    this.#io.onNotice(`loader: ${text}`);
  }

  onVersion(text: string): void {
    this.#loaderVersion = text;
  }

  onLeft(left: DeviceLeft): void {
    this.left = left;
  }

  #tell(): void {
    const bytesPerS = this.#meter.bytesPerS();
    const leftBytes = this.totalBytes - this.#doneBytes;
    this.#io.onProgress({
      stage: this.#stage,
      fileId: this.#file?.id,
      doneBytes: this.#doneBytes,
      totalBytes: this.totalBytes,
      bytesPerS,
      etaS: bytesPerS === undefined || bytesPerS <= 0 ? undefined : leftBytes / bytesPerS,
    });
  }
}

/** Reports are kept and passed on; an IMEI names a device for ever, and its last digits are enough to tell two apart. */
function masked(identity: ModuleIdentity | undefined): ModuleIdentity | undefined {
  return identity === undefined ? undefined : { ...identity, imei: identity.imei.replace(/^\d+(?=\d{4}$)/u, '…') };
}
