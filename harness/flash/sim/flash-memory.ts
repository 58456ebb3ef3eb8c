/** How fast the simulated NOR is. Zero cost is for tests that are not about time. */
export interface FlashTiming {
  readonly eraseMsPer64K: number;
  readonly programBytesPerMs: number;
}

export const INSTANT: FlashTiming = { eraseMsPer64K: 0, programBytesPerMs: Number.POSITIVE_INFINITY };
/** The order of size of a real one; inferred, not measured. */
export const REALISTIC: FlashTiming = { eraseMsPer64K: 200, programBytesPerMs: 400 };

export const FLASH_BASE = 0x6000_0000;
export const FLASH_BYTES = 8 * 1024 * 1024;
const SECTOR_BYTES = 0x1000;

interface Work {
  readonly endMs: number;
  readonly bytes: number;
  readonly act: () => void;
}

/** 8 MiB of NOR: erasing makes ones, programming only clears bits, and both take effect when their time has come. */
export class FlashMemory {
  readonly bytes = Buffer.alloc(FLASH_BYTES, 0xff);
  readonly #timing: FlashTiming;
  #work: Work[] = [];

  constructor(timing: FlashTiming) {
    this.#timing = timing;
  }

  contains(address: number, sizeBytes: number): boolean {
    return address >= FLASH_BASE && address + sizeBytes <= FLASH_BASE + FLASH_BYTES;
  }

  /** Begins to erase all sectors that the range touches. */
  erase(address: number, sizeBytes: number, nowMs: number): void {
    const start = address - FLASH_BASE;
    const end = Math.ceil((start + sizeBytes) / SECTOR_BYTES) * SECTOR_BYTES;
    const costMs = (Math.ceil((end - start) / SECTOR_BYTES) * SECTOR_BYTES * this.#timing.eraseMsPer64K) / 0x1_0000;
    this.#begin(nowMs, costMs, 0, () => this.bytes.fill(0xff, start, Math.min(end, FLASH_BYTES)));
  }

  program(address: number, chunk: Buffer, nowMs: number): void {
    const start = address - FLASH_BASE;
    this.#begin(nowMs, chunk.length / this.#timing.programBytesPerMs, chunk.length, () => {
      for (let index = 0; index < chunk.length; index++)
        this.bytes[start + index] = (this.bytes[start + index] ?? 0) & (chunk[index] ?? 0);
    });
  }

  /** When everything that was begun is done. */
  idleAtMs(nowMs: number): number {
    return Math.max(nowMs, this.#work.at(-1)?.endMs ?? nowMs);
  }

  /** When no more than `bytes` wait to be programmed. */
  backlogAtMostAtMs(bytes: number, nowMs: number): number {
    this.settle(nowMs);
    let backlog = this.#work.reduce((sum, work) => sum + work.bytes, 0);
    let atMs = nowMs;
    for (const work of this.#work) {
      if (backlog <= bytes) break;
      backlog -= work.bytes;
      atMs = work.endMs;
    }
    return atMs;
  }

  /** Lets all that is due by `nowMs` take effect; what is not is what a power cut loses. */
  settle(nowMs: number): void {
    let due = 0;
    for (const work of this.#work) {
      if (work.endMs > nowMs) break;
      work.act();
      due++;
    }
    this.#work = this.#work.slice(due);
  }

  powerCut(nowMs: number): void {
    this.settle(nowMs);
    this.#work = [];
  }

  #begin(nowMs: number, costMs: number, bytes: number, act: () => void): void {
    this.settle(nowMs);
    if (this.#work.length === 0 && costMs === 0) act();
    else this.#work.push({ endMs: this.idleAtMs(nowMs) + costMs, bytes, act });
  }
}
