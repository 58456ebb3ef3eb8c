import type { BenchHost } from './bench-host.ts';
import { type AttachedDevice, discoverDevices } from './discover-devices.ts';
import { type IdentifiedDevice, identifyDevice } from './identify-device.ts';

/** sysfs tells nobody of its changes. */
const LOOK_EVERY_MS = 250;

export interface DeviceChange {
  readonly change: 'plugged' | 'unplugged';
  readonly device: IdentifiedDevice;
}

/** What is there, and from then on what comes and goes, until `end`. A device that enumerates anew goes and comes. */
export async function* watchDevices(host: BenchHost, end: AbortSignal): AsyncGenerator<DeviceChange, void> {
  const known = new Map<string, IdentifiedDevice>();
  while (!end.aborted) {
    const seen = new Map((await discoverDevices(host.source)).map((device) => [nameOf(device), device]));
    for (const [name, device] of known) {
      if (seen.has(name)) continue;
      known.delete(name);
      yield { change: 'unplugged', device };
    }
    for (const [name, attached] of seen) {
      if (known.has(name)) continue;
      const device = await identifyDevice(attached, host);
      known.set(name, device);
      yield { change: 'plugged', device };
    }
    await pause(end);
  }
}

/** Its ports, too: drivers take them one after the other. */
function nameOf({ usb }: AttachedDevice): string {
  return `${usb.usbPath} ${usb.deviceNumber} ${usb.ports.length}`;
}

async function pause(end: AbortSignal): Promise<void> {
  if (end.aborted) return;
  await new Promise<void>((resolve) => {
    const over = () => {
      clearTimeout(timer);
      end.removeEventListener('abort', over); // one a look would pile up
      resolve();
    };
    const timer = setTimeout(over, LOOK_EVERY_MS);
    end.addEventListener('abort', over);
  });
}
