import { realpath } from 'node:fs/promises';
import { HarnessError } from '../errors.ts';
import { scanUsb, type UsbRoots } from '../flash/target/scan-usb.ts';
import type { TransportFactory } from '../transport/line-transport.ts';
import { serialTransport } from '../transport/serial.ts';
import { transportFor } from '../transport/transport-for.ts';

/** Where a module is plugged in: its ports have other names after each reset, but they are at the same place. */
export interface ModulePlace {
  readonly usbPath: string;
  /** The interface of the shim's port. */
  readonly interfaceNumber: number;
  readonly roots: UsbRoots;
}

export const MACHINE: UsbRoots = { sys: '/sys', dev: '/dev' };

const AT_INTERFACE = 2;

/** Undefined for what is on no USB path: a socket, a PTY. */
export async function findPlace(port: string, roots: UsbRoots = MACHINE): Promise<ModulePlace | undefined> {
  if (port.startsWith('tcp:')) return undefined;
  const path = await realpath(port).catch(() => port); // of a link of udev
  for (const { usbPath, ports } of await scanUsb(roots)) {
    const found = ports.find((candidate) => candidate.path === path || candidate.path === port);
    if (found !== undefined) return { usbPath, interfaceNumber: found.interfaceNumber, roots };
  }
  return undefined;
}

/** Opens the shim's port wherever it is at the moment. */
export function transportAt(port: string, place: ModulePlace | null): TransportFactory {
  if (place === null) return transportFor(port);
  return async () => serialTransport(await portOf(place, place.interfaceNumber));
}

/** @throws HarnessError PORT_LOST — nothing is plugged in there, or it has no such port */
export function atPortAt(place: ModulePlace): Promise<string> {
  return portOf(place, AT_INTERFACE);
}

async function portOf({ usbPath, roots }: ModulePlace, interfaceNumber: number): Promise<string> {
  const device = (await scanUsb(roots)).find((candidate) => candidate.usbPath === usbPath);
  const port = device?.ports.find((candidate) => candidate.interfaceNumber === interfaceNumber);
  if (port !== undefined) return port.path;
  const what = device === undefined ? 'nothing is plugged in' : `no port on interface ${interfaceNumber}`;
  throw new HarnessError('PORT_LOST', `${what} at ${usbPath}: is the module plugged in and switched on?`, {
    port: usbPath,
  });
}
