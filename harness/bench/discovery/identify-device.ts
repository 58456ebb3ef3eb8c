import { asError, isFailure } from '../../errors.ts';
import { AtSession } from '../../flash/target/at-session.ts';
import { openPort } from '../../flash/target/open-port.ts';
import { type AtIdentity, AtModule } from '../at/at-module.ts';
import type { BenchHost } from './bench-host.ts';
import type { AttachedDevice } from './discover-devices.ts';

/** A device, and who it says it is; `trouble` says why it does not. */
export interface IdentifiedDevice extends AttachedDevice {
  readonly identity?: AtIdentity;
  readonly trouble?: string;
}

/** Asks a module who it is over its AT port. One that is locked is left alone: a command in between would disturb a run. */
export async function identifyDevice(device: AttachedDevice, host: BenchHost): Promise<IdentifiedDevice> {
  if (device.kind !== 'module') return device;
  const path = device.ports.at;
  if (path === undefined) return device.note === undefined ? { ...device, trouble: 'it has no AT port' } : device;
  try {
    await using _ = await host.lock(device.usb.usbPath);
    await using module = await AtModule.open(new AtSession(await openPort(host, path), path));
    return { ...device, identity: await module.identity() };
  } catch (thrown) {
    return { ...device, trouble: reason(thrown) };
  }
}

function reason(thrown: unknown): string {
  const { message } = asError(thrown);
  return isFailure(thrown, 'FLASH_PORT_PERMISSION') ? `${message} (docs/bench.md, "Rights")` : message;
}
