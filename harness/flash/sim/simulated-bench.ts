import { HarnessError } from '../../errors.ts';
import type { BytePort } from '../byte-port.ts';
import type { FlashHost, UsbDevice } from '../target/flash-host.ts';
import type { ModuleIdentity } from '../target/module-identity.ts';
import { SimulatedModule, type SimulatedModuleOptions } from './simulated-module.ts';

/** A machine with simulated modules plugged in: the whole world of the flasher, in memory. */
export class SimulatedBench implements FlashHost {
  readonly modules: SimulatedModule[] = [];
  /** Other things on the bus, such as a gadget with the same ids. */
  readonly others: UsbDevice[] = [];
  contenders: readonly string[] = [];
  /** The error that opening this port meets. */
  readonly openErrors = new Map<string, Error>();
  /** USB paths that somebody else holds. */
  readonly locked = new Set<string>();
  /** Puts something between flasher and port, as a test of what the port must not see. */
  wrap: (port: BytePort, module: SimulatedModule) => BytePort = (port) => port;
  #ttys = 0;

  plug(options: Partial<SimulatedModuleOptions> & { readonly identity: ModuleIdentity }): SimulatedModule {
    const module = new SimulatedModule(options, () => this.#ttys++);
    this.modules.push(module);
    return module;
  }

  async listDevices(): Promise<readonly UsbDevice[]> {
    return [...this.others, ...this.modules.flatMap((module) => module.onBus() ?? [])];
  }

  async openPort(path: string): Promise<BytePort> {
    const error = this.openErrors.get(path.replace(/\d+$/u, ''));
    if (error !== undefined) throw error;
    const module = this.modules.find(
      (candidate) => candidate.onBus()?.ports.some((port) => port.path === path) === true,
    );
    if (module === undefined) throw new Error(`ENOENT: ${path}`);
    return this.wrap(module.open(), module);
  }

  async findContenders(): Promise<readonly string[]> {
    return this.contenders;
  }

  async lock(usbPath: string): Promise<AsyncDisposable> {
    if (this.locked.has(usbPath))
      throw new HarnessError('FLASH_PORT_BUSY', `the module at ${usbPath} is locked by another run`, { port: usbPath });
    this.locked.add(usbPath);
    return {
      [Symbol.asyncDispose]: async () => {
        this.locked.delete(usbPath);
      },
    };
  }
}
