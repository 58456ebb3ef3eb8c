import type { BytePort } from '../byte-port.ts';
import type { DeviceEffect, SimulatedDevice } from './simulated-device.ts';

/** A download port in memory: hands transfers to a device and carries out its effects when they are due. */
export class SimulatedPort implements BytePort {
  readonly #device: SimulatedDevice;
  readonly #onGone: (how: 'reset' | 'vanish') => void;
  #onData: (bytes: Buffer) => void = () => undefined;
  #onClose: (reason: Error | undefined) => void = () => undefined;
  #isOpen = true;

  constructor(device: SimulatedDevice, onGone: (how: 'reset' | 'vanish') => void) {
    this.#device = device;
    this.#onGone = onGone;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#isOpen) throw new Error('port is closed');
    const nowMs = performance.now();
    for (const effect of this.#device.feed(bytes, nowMs))
      setTimeout(() => this.#carryOut(effect), Math.max(0, Math.ceil(effect.atMs - nowMs)));
  }

  onData(listener: (bytes: Buffer) => void): void {
    this.#onData = listener;
  }

  onClose(listener: (reason: Error | undefined) => void): void {
    this.#onClose = listener;
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onClose(undefined);
  }

  /** What a serial port does when its speed or its lines are set. */
  setLine(): void {
    this.#device.controlTransfer();
  }

  /** The device left the bus. */
  unplug(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onClose(new Error('disconnected'));
  }

  #carryOut(effect: DeviceEffect): void {
    if (effect.kind !== 'write') this.#onGone(effect.kind);
    else if (this.#isOpen) this.#onData(effect.bytes);
  }
}
