import { join } from 'node:path';
import { HarnessError, isFailure } from '../../errors.ts';
import { findContenders } from '../../flash/target/find-contenders.ts';
import type { FlashHost } from '../../flash/target/flash-host.ts';
import { linuxHost } from '../../flash/target/linux-host.ts';
import type { UsbRoots } from '../../flash/target/scan-usb.ts';
import { serialBytePort } from '../../flash/target/serial-byte-port.ts';
import { listSerialPorts, openRawSerial } from '../../transport/serial.ts';
import { ModuleLock } from '../lock/module-lock.ts';
import { type DeviceSource, sysfsSource } from './device-source.ts';
import { portListSource } from './port-list.ts';

const MODULE_PRODUCT_ID = '0901';
const MACHINE: UsbRoots = { sys: '/sys', dev: '/dev' };

/** A machine that modules are attached to. */
export interface BenchHost extends FlashHost {
  readonly roots: UsbRoots;
  readonly source: DeviceSource;
  /** Programs that open each new port of a module, since no udev rule tells them to leave it alone. */
  findProbers(): Promise<readonly string[]>;
}

/** @param virtualFolder of a virtual module that is to be seen instead of the machine's own devices */
export function benchHost(why: string, virtualFolder?: string): BenchHost {
  const virtual = virtualFolder === undefined ? undefined : rootsBelow(virtualFolder);
  const host = linuxHost({
    openPort: async (path) => serialBytePort(await openRawSerial(path)),
    // The USB paths of a virtual module are not the machine's.
    lock: async (usbPath) => await lock(virtualFolder === undefined ? usbPath : `${virtualFolder} ${usbPath}`, why),
    ...(virtual === undefined ? {} : { virtual }),
  });
  const roots = virtual ?? MACHINE;
  // A virtual module has a picture of sysfs wherever it runs.
  const hasSysfs = virtual !== undefined || process.platform === 'linux';
  const source = hasSysfs ? sysfsSource(roots) : portListSource(listSerialPorts);
  const findProbers = async () => (virtual === undefined ? await findContenders('/', MODULE_PRODUCT_ID) : []);
  return { ...host, listDevices: () => source.list(), roots, source, findProbers };
}

/** As a supervisor lays it out. */
function rootsBelow(folder: string): UsbRoots {
  return { sys: join(folder, 'sys'), dev: join(folder, 'dev') };
}

async function lock(usbPath: string, why: string): Promise<AsyncDisposable> {
  try {
    return await ModuleLock.take(usbPath, { why });
  } catch (thrown) {
    if (!isFailure(thrown, 'MODULE_LOCKED')) throw thrown;
    throw new HarnessError('FLASH_PORT_BUSY', thrown.message, { port: usbPath }, { cause: thrown });
  }
}
