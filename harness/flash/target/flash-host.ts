import type { BytePort } from '../byte-port.ts';

/** A device on USB as sysfs shows it. */
export interface UsbDevice {
  /** Where it is plugged in: "1-1.3". The only name that a module keeps through download mode. */
  readonly usbPath: string;
  /** Rises with each enumeration. */
  readonly deviceNumber: number;
  readonly vendorId: number;
  readonly productId: number;
  readonly ports: readonly { readonly interfaceNumber: number; readonly path: string }[];
}

/** What the flasher needs of the machine that it runs on. */
export interface FlashHost {
  listDevices(): Promise<readonly UsbDevice[]>;
  /** 115200 8N1, exclusive, without hang-up on close. Rejects as the operating system does (`code` EACCES, ENOENT, EBUSY). */
  openPort(path: string): Promise<BytePort>;
  /** Programs that would open a download port on their own and so kill the loader behind it. */
  findContenders(): Promise<readonly string[]>;
  /** Held for the whole flash. @throws HarnessError FLASH_PORT_BUSY */
  lock(usbPath: string): Promise<AsyncDisposable>;
}

const MODULE = { vendorId: 0x2c7c, productId: 0x0901 };
/** Also the id of Linux' g_serial gadget: only the USB path tells them apart. */
const DOWNLOAD = { vendorId: 0x0525, productId: 0xa4a7 };

export const AT_INTERFACE = 2;

export function isModule(device: UsbDevice): boolean {
  return device.vendorId === MODULE.vendorId && device.productId === MODULE.productId;
}

export function isDownload(device: UsbDevice): boolean {
  return device.vendorId === DOWNLOAD.vendorId && device.productId === DOWNLOAD.productId;
}
