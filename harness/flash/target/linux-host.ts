import type { BytePort } from '../byte-port.ts';
import { findContenders } from './find-contenders.ts';
import type { FlashHost } from './flash-host.ts';
import { scanUsb, type UsbRoots } from './scan-usb.ts';

export interface LinuxHostOptions {
  /** Opens with 115200 8N1, `hupcl: false`, `lock: true`; see `serialBytePort`. */
  readonly openPort: (path: string) => Promise<BytePort>;
  /** The lock that runs take. */
  readonly lock: (usbPath: string) => Promise<AsyncDisposable>;
  /** Those of a virtual module; the machine's own when left out. */
  readonly virtual?: UsbRoots;
}

/** A Linux machine, or the part of it that a virtual module pretends to be: terminals are nobody else's to probe. */
export function linuxHost({ openPort, lock, virtual }: LinuxHostOptions): FlashHost {
  return {
    listDevices: async () => await scanUsb(virtual ?? { sys: '/sys', dev: '/dev' }),
    openPort,
    findContenders: async () => (virtual === undefined ? await findContenders() : []),
    lock,
  };
}
