import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UsbDevice } from '../../flash/target/flash-host.ts';
import { scanUsb, type UsbRoots } from '../../flash/target/scan-usb.ts';

/** Where a machine tells what is plugged in. */
export interface DeviceSource {
  list(): Promise<readonly UsbDevice[]>;
  /** What a device calls itself; empty if it has no such string. */
  nameOf(device: UsbDevice): Promise<string>;
}

/** Linux, or a folder that looks like it. */
export function sysfsSource(roots: UsbRoots): DeviceSource {
  return {
    list: () => scanUsb(roots),
    nameOf: ({ usbPath }) => readText(join(roots.sys, 'bus/usb/devices', usbPath, 'product')),
  };
}

async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    return ''; // a device without that string has no such file
  }
}
