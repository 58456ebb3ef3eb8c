import type { DeviceEffect, SimulatedDevice } from './simulated-device.ts';
import type { TerminalMaster } from './terminal-master.ts';

/** Longer transfers carry data; looking at the line with each of them would only cost time. */
const COMMAND_BYTES = 20;

/**
 * Lets a device live at the end of a terminal until it leaves the bus. Opening the terminal again and changing its speed
 * are the control transfers that they are on USB.
 */
export async function serveDevice(device: SimulatedDevice, terminal: TerminalMaster): Promise<'reset' | 'vanish'> {
  return await new Promise((resolve, reject) => {
    new DeviceServer(device, terminal, resolve).run().catch(reject);
  });
}

class DeviceServer {
  readonly #device: SimulatedDevice;
  readonly #terminal: TerminalMaster;
  readonly #onGone: (how: 'reset' | 'vanish') => void;
  #isGone = false;
  #isOpen = false;
  #speed: string | undefined;

  constructor(device: SimulatedDevice, terminal: TerminalMaster, onGone: (how: 'reset' | 'vanish') => void) {
    this.#device = device;
    this.#terminal = terminal;
    this.#onGone = onGone;
  }

  async run(): Promise<void> {
    while (!this.#isGone) {
      const bytes = await this.#terminal.read();
      if (bytes === undefined) this.#isOpen = false;
      else if (bytes.length > 0) this.#take(bytes);
    }
  }

  #take(bytes: Buffer): void {
    if (!this.#isOpen) this.#opened();
    if (bytes.length <= COMMAND_BYTES && this.#terminal.findSpeed() !== this.#speed) this.#device.controlTransfer();
    const nowMs = performance.now();
    for (const effect of this.#device.feed(bytes, nowMs)) this.#schedule(effect, effect.atMs - nowMs);
  }

  #opened(): void {
    this.#isOpen = true;
    this.#speed = this.#terminal.findSpeed();
    this.#device.controlTransfer();
  }

  #schedule(effect: DeviceEffect, delayMs: number): void {
    if (delayMs <= 0) this.#carryOut(effect);
    else setTimeout(() => this.#carryOut(effect), Math.ceil(delayMs));
  }

  #carryOut(effect: DeviceEffect): void {
    if (this.#isGone) return;
    if (effect.kind === 'write') return this.#terminal.write(effect.bytes);
    this.#isGone = true;
    return this.#onGone(effect.kind);
  }
}
