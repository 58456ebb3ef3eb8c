import type { BytePort } from '../byte-port.ts';
import { NV_IMAGE_BYTES } from '../image/nv-image.ts';
import type { UsbDevice } from '../target/flash-host.ts';
import type { ModuleIdentity } from '../target/module-identity.ts';
import { bootOutcome, writeBootloader } from './boot-outcome.ts';
import type { DeviceOptions, DeviceStorage } from './device-context.ts';
import { FlashMemory, type FlashTiming, INSTANT } from './flash-memory.ts';
import type { SimFault } from './sim-fault.ts';
import { SimulatedAtPort } from './simulated-at-port.ts';
import { SimulatedDevice } from './simulated-device.ts';
import { SimulatedPort } from './simulated-port.ts';

export interface SimulatedModuleOptions {
  readonly usbPath: string;
  readonly identity: ModuleIdentity;
  readonly device: Partial<DeviceOptions>;
  readonly timing: FlashTiming;
  readonly faults: readonly SimFault[];
  /** USB_BOOT is held: every reset ends in the boot ROM. */
  readonly strap: boolean;
  /** The answer to AT+QDOWNLOAD=1. */
  readonly entryAnswer: string;
  /** What happens after that answer was OK. */
  readonly entry: 'enters' | 'stays' | 'disappears';
  /** Who comes back after the reset; nobody when undefined. */
  readonly returns: (identity: ModuleIdentity) => ModuleIdentity | undefined;
}

const LEAVE_AFTER_MS = 120;
const APPEAR_AFTER_MS = 600;

/** A module on a simulated bus: firmware with an AT port, download mode, and the way between them. */
export class SimulatedModule {
  readonly storage: DeviceStorage;
  readonly #options: SimulatedModuleOptions;
  readonly #nextTty: () => number;
  #identity: ModuleIdentity;
  #mode: 'normal' | 'download' | 'gone' = 'normal';
  #deviceNumber = 4;
  #tty = 0;
  #device: SimulatedDevice | undefined;
  #ports: { unplug(): void }[] = [];
  #opened = 0;

  constructor(options: Partial<SimulatedModuleOptions> & { readonly identity: ModuleIdentity }, nextTty: () => number) {
    this.#options = {
      usbPath: '1-1',
      device: {},
      timing: INSTANT,
      faults: [],
      strap: false,
      entryAnswer: 'OK',
      entry: 'enters',
      returns: (identity) => identity,
      ...options,
    };
    this.#identity = options.identity;
    this.#nextTty = nextTty;
    const memory = new FlashMemory(this.#options.timing);
    writeBootloader(memory);
    this.storage = { memory, files: new Map(), nv: Buffer.alloc(NV_IMAGE_BYTES, 0xff), phaseCheck: undefined };
    this.#plug('normal');
  }

  /** The device in download mode, to look into. */
  get device(): SimulatedDevice | undefined {
    return this.#device;
  }

  /** How often the download port was opened since it came. */
  get opened(): number {
    return this.#opened;
  }

  onBus(): UsbDevice | undefined {
    const { usbPath } = this.#options;
    if (this.#mode === 'gone') return undefined;
    if (this.#mode === 'download')
      return {
        usbPath,
        deviceNumber: this.#deviceNumber,
        vendorId: 0x0525,
        productId: 0xa4a7,
        ports: [{ interfaceNumber: 1, path: `/dev/ttyACM${this.#tty}` }],
      };
    const ports = [2, 8].map((interfaceNumber) => ({
      interfaceNumber,
      path: `/dev/ttyUSB${this.#tty + interfaceNumber}`,
    }));
    return { usbPath, deviceNumber: this.#deviceNumber, vendorId: 0x2c7c, productId: 0x0901, ports };
  }

  open(): BytePort {
    const port =
      this.#mode === 'download' ? this.openDownload() : new SimulatedAtPort((command) => this.#answer(command));
    if (port instanceof SimulatedAtPort) this.#ports.push(port);
    return port;
  }

  /** Opening raises lines: harmless to the ROM, deadly to a loader. */
  openDownload(): SimulatedPort {
    if (this.#device === undefined) throw new Error('ENOENT: the module is not in download mode');
    this.#device.controlTransfer();
    this.#opened++;
    const port = new SimulatedPort(this.#device, (how) => this.#leaveDownload(how));
    this.#ports.push(port);
    return port;
  }

  /** Power goes away and comes back: what is in flash starts. */
  powerCycle(): void {
    this.storage.memory.powerCut(performance.now());
    this.#leaveDownload('reset');
  }

  #answer(command: string): readonly string[] {
    const { model, revision, imei } = this.#identity;
    if (command === 'AT+CGMM') return [model, 'OK'];
    if (command === 'AT+CGMR') return [revision, 'OK'];
    if (command === 'AT+CGSN') return [imei, 'OK'];
    if (command !== 'AT+QDOWNLOAD=1') return ['ERROR'];
    if (this.#options.entryAnswer === 'OK' && this.#options.entry !== 'stays')
      setTimeout(() => this.#toDownload(), LEAVE_AFTER_MS);
    return [this.#options.entryAnswer];
  }

  #toDownload(): void {
    this.#unplug();
    if (this.#options.entry === 'enters') setTimeout(() => this.#plug('download'), APPEAR_AFTER_MS);
  }

  #leaveDownload(how: 'reset' | 'vanish'): void {
    this.#unplug();
    this.#device = undefined;
    if (how === 'reset') setTimeout(() => this.#boot(), APPEAR_AFTER_MS);
  }

  #boot(): void {
    const outcome = bootOutcome(this.storage.memory);
    if (this.#options.strap || !outcome.hasBootloader) return this.#plug('download');
    const identity = this.#options.returns({
      ...this.#identity,
      revision: outcome.revision ?? this.#identity.revision,
    });
    if (identity === undefined) return undefined;
    this.#identity = identity;
    return this.#plug('normal');
  }

  #plug(mode: 'normal' | 'download'): void {
    this.#mode = mode;
    this.#deviceNumber++;
    this.#tty = this.#nextTty();
    this.#opened = 0;
    if (mode === 'download')
      this.#device = new SimulatedDevice(this.storage, this.#options.device, this.#options.faults);
  }

  #unplug(): void {
    this.#mode = 'gone';
    for (const port of this.#ports.splice(0)) port.unplug();
  }
}
