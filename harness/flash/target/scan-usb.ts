import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UsbDevice } from './flash-host.ts';

export interface UsbRoots {
  /** `/sys`, or a virtual module's picture of it. */
  readonly sys: string;
  /** `/dev`, or a virtual module's links. */
  readonly dev: string;
}

const DEVICE = /^\d+-\d+(?:\.\d+)*$/u;
const TTY = /^tty(?:USB|ACM)\d+$/u;

/** Everything on USB with its serial ports, straight from sysfs: container images have no udevadm. */
export async function scanUsb({ sys, dev }: UsbRoots): Promise<readonly UsbDevice[]> {
  const folder = join(sys, 'bus/usb/devices');
  const names = (await list(folder)).filter((name) => DEVICE.test(name));
  const devices = await Promise.all(
    names.map(async (usbPath) => await readDevice(join(folder, usbPath), usbPath, dev)),
  );
  return devices.filter((device) => device !== undefined);
}

/** Undefined for a device that left while we looked. */
async function readDevice(folder: string, usbPath: string, dev: string): Promise<UsbDevice | undefined> {
  const [vendorId, productId, deviceNumber] = await Promise.all([
    number(join(folder, 'idVendor'), 16),
    number(join(folder, 'idProduct'), 16),
    number(join(folder, 'devnum'), 10),
  ]);
  if (vendorId === undefined || productId === undefined || deviceNumber === undefined) return undefined;
  const interfaces = (await list(folder)).filter((name) => name.startsWith(`${usbPath}:`));
  const ports = await Promise.all(interfaces.map(async (name) => await readPort(join(folder, name), dev)));
  return { usbPath, deviceNumber, vendorId, productId, ports: ports.flat() };
}

/** `option` puts the TTY straight into the interface, `cdc_acm` into its folder `tty`. */
async function readPort(folder: string, dev: string): Promise<UsbDevice['ports']> {
  const interfaceNumber = await number(join(folder, 'bInterfaceNumber'), 16);
  if (interfaceNumber === undefined) return [];
  const names = [...(await list(folder)), ...(await list(join(folder, 'tty')))];
  const tty = names.find((name) => TTY.test(name));
  return tty === undefined ? [] : [{ interfaceNumber, path: join(dev, tty) }];
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    // sysfs changes while it is read; what is gone is not there.
    return [];
  }
}

async function number(path: string, radix: number): Promise<number | undefined> {
  try {
    const value = Number.parseInt(await readFile(path, 'latin1'), radix);
    return Number.isNaN(value) ? undefined : value;
  } catch {
    // As above.
    return undefined;
  }
}
