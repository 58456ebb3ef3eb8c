import { realpath } from 'node:fs/promises';
import { scanUsb, type UsbRoots } from '../../flash/target/scan-usb.ts';

/**
 * What a module is locked by: the USB path of a TTY, since all of a module's ports and its download mode share it; else the port as
 * it was named (`tcp:host:port`, a link to a virtual module's PTY), whose number behind a link moves.
 */
export async function moduleKey(port: string, roots: UsbRoots = { sys: '/sys', dev: '/dev' }): Promise<string> {
  if (port.startsWith('tcp:')) return port;
  const target = await followed(port);
  const device = (await scanUsb(roots)).find(({ ports }) => ports.some(({ path }) => path === port || path === target));
  return device?.usbPath ?? port;
}

async function followed(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path; // a module that is unplugged can be locked all the same
  }
}
