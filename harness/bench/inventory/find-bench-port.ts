import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../../errors.ts';
import type { UsbRoots } from '../../flash/target/scan-usb.ts';
import { sysfsSource } from '../discovery/device-source.ts';
import { discoverDevices } from '../discovery/discover-devices.ts';
import type { BenchModule } from './inventory.ts';

/**
 * The port of an inventory's module on which the shim listens: the link of udev that follows it through resets, where there is one.
 *
 * @throws HarnessError PORT_LOST — nothing is plugged in there, or no module, or it lacks that port
 */
export async function findBenchPort(module: BenchModule, roots: UsbRoots): Promise<string> {
  const { name, usb, tcp, rpc } = module;
  if (tcp !== undefined) return `tcp:${tcp}`;
  const device = (await discoverDevices(sysfsSource(roots))).find((candidate) => candidate.usb.usbPath === usb);
  const lost = (why: string) => new HarnessError('PORT_LOST', `${name}: ${why}`, { port: usb ?? name });
  if (device === undefined) throw lost(`nothing is plugged in at ${usb}`);
  if (device.kind !== 'module') throw lost(`at ${usb} is ${device.id}: ${device.note ?? device.kind}`);
  const port = device.ports[rpc];
  if (port === undefined) throw lost(`the module at ${usb} has no ${rpc} port`);
  return (await findLink(port, join(roots.dev, 'serial', 'by-path'))) ?? port;
}

async function findLink(port: string, folder: string): Promise<string | undefined> {
  for (const name of await namesIn(folder)) {
    const link = join(folder, name);
    if ((await realpath(link).catch(() => undefined)) === port) return link;
  }
  return undefined;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return []; // a machine without udev
  }
}
