import { BSL_REPLY } from '../bsl/bsl-code.ts';
import { encodeBslFrame } from '../bsl/encode-bsl-frame.ts';
import type { DeviceContext, DeviceOptions, DeviceStage, DeviceStorage } from './device-context.ts';
import { Fdl1Stage } from './fdl1-stage.ts';
import { Fdl2Stage } from './fdl2-stage.ts';
import { RomStage } from './rom-stage.ts';
import { type LoaderStage, type SimFault, SimFaults } from './sim-fault.ts';
import { splitTransfer } from './split-transfer.ts';

/** What the device does to the world, and when. */
export type DeviceEffect =
  | { readonly kind: 'write'; readonly atMs: number; readonly bytes: Buffer }
  /** It leaves the bus and starts again. */
  | { readonly kind: 'reset'; readonly atMs: number }
  /** It leaves the bus and stays away. */
  | { readonly kind: 'vanish'; readonly atMs: number };

export const DEVICE_OPTIONS: DeviceOptions = {
  fdl1: { address: 0x80_00c0, limitBytes: 0xff40 },
  fdl2: { address: 0x81_0000, limitBytes: 0x3_0000 },
  secureBootKey: undefined,
  bootDelayMs: 300,
  holdsWholePackets: true,
  isStream: false,
  splitSeed: undefined,
};

const RX_FIFO_BYTES = 8 * 1024;
const RESET_AFTER_MS = 2;

/**
 * A module in download mode, from the boot ROM to the reset: bytes in, effects out, no clock and no port of its own.
 * It accepts what the hardware accepts and fails as the hardware fails, which is mostly by silence.
 */
export class SimulatedDevice {
  readonly storage: DeviceStorage;
  readonly #options: DeviceOptions;
  readonly #faults: SimFaults;
  readonly #rom = new RomStage();
  readonly #fdl1 = new Fdl1Stage();
  readonly #fdl2 = new Fdl2Stage();
  #stage: DeviceStage = 'rom';
  #diedOf: string | undefined;
  #effects: DeviceEffect[] = [];
  #busyUntilMs = 0;
  #nowMs = 0;
  #held: Buffer = Buffer.alloc(0);
  #transferBytes = 0;
  #waiting: { readonly bytes: number; readonly untilMs: number }[] = [];
  #receivedBytes = 0;
  #splits = 0;

  constructor(storage: DeviceStorage, options: Partial<DeviceOptions> = {}, faults: readonly SimFault[] = []) {
    this.storage = storage;
    this.#options = { ...DEVICE_OPTIONS, ...options };
    this.#faults = new SimFaults(faults);
  }

  get stage(): DeviceStage {
    return this.#stage;
  }

  /** Why it panicked: what nobody on the other side can know. */
  get diedOf(): string | undefined {
    return this.#diedOf;
  }

  /** One transfer from the host. */
  feed(transfer: Uint8Array, nowMs: number): readonly DeviceEffect[] {
    this.#effects = [];
    this.#nowMs = nowMs;
    const bytes = this.#upToFault(Buffer.from(transfer));
    const delivered = this.#deliver(bytes);
    if (delivered.length > 0) this.#process(delivered);
    this.#actOnFault(nowMs);
    return this.#effects;
  }

  /** Setting the line, the speed, or opening the port again: harmless to the ROM, deadly to a loader. */
  controlTransfer(): void {
    if (this.#isLoader()) this.#panic('a control transfer');
  }

  #process(bytes: Buffer): void {
    if (this.#isLoader() && this.#waitingWith(bytes.length) > RX_FIFO_BYTES)
      return this.#panic('more than 8 KiB while busy');
    const context = this.#context();
    if (this.#stage === 'rom') this.#rom.feed(bytes, context);
    else if (this.#stage === 'fdl1-wait' || this.#stage === 'fdl1') this.#fdl1.feed(bytes, context);
    else if (this.#stage === 'fdl2') this.#fdl2.feed(bytes, context);
  }

  /** Bytes in the receive FIFO: those that came while the loader was busy and are not yet looked at. */
  #waitingWith(bytes: number): number {
    const untilMs = Math.max(this.#nowMs, this.#busyUntilMs);
    this.#waiting = [...this.#waiting.filter((waiting) => waiting.untilMs > this.#nowMs), { bytes, untilMs }];
    return this.#waiting.reduce((sum, waiting) => sum + waiting.bytes, 0);
  }

  /** A transfer of whole packets has no short packet that would end it: the loader sees it with the next one. */
  #deliver(bytes: Buffer): Buffer {
    if (!this.#isLoader() || !this.#options.holdsWholePackets) return bytes;
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    this.#transferBytes = this.#options.isStream ? this.#transferBytes + bytes.length : all.length;
    const isHeld = this.#transferBytes % 64 === 0;
    this.#held = isHeld ? all : Buffer.alloc(0);
    return isHeld ? Buffer.alloc(0) : all;
  }

  #upToFault(bytes: Buffer): Buffer {
    const limit =
      this.#faults.find('silent-at')?.bytes ?? this.#faults.find('vanish-at')?.bytes ?? Number.POSITIVE_INFINITY;
    const left = Math.max(0, limit - this.#receivedBytes);
    this.#receivedBytes += bytes.length;
    return left < bytes.length ? bytes.subarray(0, left) : bytes;
  }

  #actOnFault(nowMs: number): void {
    const silent = this.#faults.find('silent-at');
    const vanish = this.#faults.find('vanish-at');
    if (silent !== undefined && this.#receivedBytes >= silent.bytes) this.#panic('silence was armed');
    if (vanish === undefined || this.#receivedBytes < vanish.bytes || this.#stage === 'resetting') return;
    this.#stage = 'resetting';
    this.storage.memory.powerCut(nowMs);
    this.#effects.push({ kind: 'vanish', atMs: nowMs });
  }

  #context(): DeviceContext {
    return {
      options: this.#options,
      storage: this.storage,
      faults: this.#faults,
      nowMs: () => Math.max(this.#nowMs, this.#busyUntilMs),
      sendRaw: (...pieces) => this.#sendAt(Math.max(this.#nowMs, this.#busyUntilMs), pieces),
      send: (command, type, payload) => this.#send(command, type, payload),
      busyUntil: (ms) => {
        this.#busyUntilMs = Math.max(this.#busyUntilMs, ms);
      },
      panic: (why) => this.#panic(why),
      enter: (stage) => {
        this.#stage = stage;
      },
      reset: () => this.#reset(),
    };
  }

  #send(command: string, type: number, payload: Uint8Array = new Uint8Array(0)): void {
    const atMs = Math.max(this.#nowMs, this.#busyUntilMs);
    const stage: LoaderStage = this.#stage === 'fdl2' ? 'fdl2' : 'fdl1';
    const act = this.#faults.replyAct(stage, command);
    const frame = encodeBslFrame(type, payload);
    if (act === undefined) return this.#sendAt(atMs, [frame]);
    switch (act.act) {
      case 'lose':
        return undefined;
      case 'corrupt':
        return this.#sendAt(atMs, [corrupted(frame)]);
      case 'delay':
        return this.#sendAt(atMs + act.delayMs, [frame]);
      case 'error':
        return this.#sendAt(atMs, [encodeBslFrame(act.type)]);
      case 'error-then-ack':
        this.#sendAt(atMs, [encodeBslFrame(act.type)]);
        return this.#sendAt(atMs + 50, [frame]);
      case 'log-first':
        return this.#sendAt(atMs, [encodeBslFrame(BSL_REPLY.LOG, Buffer.from(act.text, 'latin1')), frame]);
    }
  }

  #sendAt(atMs: number, frames: readonly Buffer[]): void {
    if (this.#stage === 'dead') return;
    this.#transferBytes = 0;
    for (const frame of frames)
      for (const bytes of splitTransfer(
        frame,
        this.#options.splitSeed === undefined ? undefined : this.#options.splitSeed + this.#splits++,
      ))
        this.#effects.push({ kind: 'write', atMs, bytes });
  }

  #panic(why: string): void {
    if (this.#stage === 'dead') return;
    this.#stage = 'dead';
    this.#diedOf = why;
    this.storage.memory.powerCut(this.#nowMs);
  }

  #reset(): void {
    const atMs = Math.max(this.#nowMs, this.#busyUntilMs) + RESET_AFTER_MS;
    this.storage.memory.settle(atMs);
    this.#stage = 'resetting';
    this.#effects.push({ kind: 'reset', atMs });
  }

  #isLoader(): boolean {
    return this.#stage === 'fdl1-wait' || this.#stage === 'fdl1' || this.#stage === 'fdl2';
  }
}

function corrupted(frame: Buffer): Buffer {
  const copy = Buffer.from(frame);
  copy[2] = (copy[2] ?? 0) ^ 0x01;
  return copy;
}
