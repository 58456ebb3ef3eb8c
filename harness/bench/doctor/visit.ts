import { HarnessError } from '../../errors.ts';
import { AtSession } from '../../flash/target/at-session.ts';
import { openPort } from '../../flash/target/open-port.ts';
import { ModuleSession } from '../../module/session.ts';
import { transportFor } from '../../transport/transport-for.ts';
import { AtModule } from '../at/at-module.ts';
import type { BenchHost } from '../discovery/bench-host.ts';
import { type AttachedDevice, discoverDevices } from '../discovery/discover-devices.ts';

export interface VisitOptions {
  readonly host: BenchHost;
  /** Which module, where several are plugged in. */
  readonly usbPath?: string;
  /** Where run records go. */
  readonly folder: string;
  /** Unix time. */
  readonly nowMs: () => number;
}

/** What the checks of one visit share: each thing is opened once, by the check that is about it. */
export class Visit implements AsyncDisposable {
  readonly options: VisitOptions;
  #device: AttachedDevice | undefined;
  #at: AtModule | undefined;
  #session: ModuleSession | undefined;
  #lock: AsyncDisposable | undefined;

  constructor(options: VisitOptions) {
    this.options = options;
  }

  /** Those that could be meant, whatever they are. */
  async findDevices(): Promise<readonly AttachedDevice[]> {
    const { host, usbPath } = this.options;
    const all = await discoverDevices(host.roots);
    return usbPath === undefined ? all : all.filter(({ usb }) => usb.usbPath === usbPath);
  }

  choose(device: AttachedDevice): void {
    this.#device = device;
  }

  get device(): AttachedDevice {
    if (this.#device !== undefined) return this.#device;
    throw new HarnessError('HARNESS_BUG', 'a check needs a device and none was chosen', { where: 'doctor' });
  }

  /** The interface that the shim prefers, then the other that an application may open. */
  get rpcPort(): string | undefined {
    return this.device.ports.nmea ?? this.device.ports.modem ?? this.device.ports.acm;
  }

  async lock(): Promise<void> {
    this.#lock ??= await this.options.host.lock(this.device.usb.usbPath);
  }

  async at(): Promise<AtModule> {
    const path = this.device.ports.at ?? '';
    this.#at ??= await AtModule.open(new AtSession(await openPort(this.options.host, path), path));
    return this.#at;
  }

  async session(): Promise<ModuleSession> {
    this.#session ??= await ModuleSession.open({ transport: transportFor(this.rpcPort ?? '') });
    return this.#session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session?.[Symbol.asyncDispose]();
    await this.#at?.[Symbol.asyncDispose]();
    await this.#lock?.[Symbol.asyncDispose]();
  }
}
