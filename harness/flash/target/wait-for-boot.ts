import type { Clock } from '../../clock.ts';
import { HarnessError, isFailure } from '../../errors.ts';
import { AtSession } from './at-session.ts';
import { AT_INTERFACE, type FlashHost, isDownload, isModule, type UsbDevice } from './flash-host.ts';
import { type ModuleIdentity, readIdentity } from './module-identity.ts';
import { openPort } from './open-port.ts';
import { waitForDevice } from './wait-for-device.ts';

const BOOT_MS = 60_000;

export interface BootedModule {
  readonly device: UsbDevice;
  readonly identity: ModuleIdentity;
}

/**
 * After the reset: waits until the module is back at its USB path and answers AT.
 * @throws HarnessError FLASH_BOOT_TIMEOUT, FLASH_STRAP_ON
 */
export async function waitForBoot(before: UsbDevice, host: FlashHost, clock: Clock): Promise<BootedModule> {
  const { usbPath } = before;
  const until = clock.nowMs() + BOOT_MS;
  for (let leftMs = BOOT_MS; leftMs > 0; leftMs = until - clock.nowMs()) {
    const accept = (found: UsbDevice | undefined): UsbDevice | undefined => acceptModule(before, found);
    const device = await waitForDevice(host, clock, { usbPath, budgetMs: leftMs, accept });
    const identity = device === undefined ? undefined : await tryIdentity(device, host);
    if (device !== undefined && identity !== undefined && identity.revision !== '') return { device, identity };
  }
  const message = `no module answers at ${usbPath} ${BOOT_MS} ms after the reset`;
  throw new HarnessError('FLASH_BOOT_TIMEOUT', message, { usbPath, waitedMs: BOOT_MS });
}

/** Model, revision and IMEI of a module, over its AT port. @throws HarnessError FLASH_AT_SILENT, PORT_LOST, FLASH_PORT_… */
export async function identify(
  device: UsbDevice,
  host: FlashHost,
): Promise<{ readonly at: AtSession; readonly identity: ModuleIdentity }> {
  const path = atPortOf(device);
  const at = new AtSession(await openPort(host, path), path);
  try {
    return { at, identity: await readIdentity(at) };
  } catch (error) {
    await at.close();
    throw error;
  }
}

async function tryIdentity(device: UsbDevice, host: FlashHost): Promise<ModuleIdentity | undefined> {
  try {
    const { at, identity } = await identify(device, host);
    await at.close();
    return identity;
  } catch (error) {
    // A module that is still booting does not answer yet; the loop above has the budget.
    if (isFailure(error, 'FLASH_AT_SILENT') || isFailure(error, 'PORT_LOST')) return undefined;
    throw error;
  }
}

function acceptModule(before: UsbDevice, found: UsbDevice | undefined): UsbDevice | undefined {
  if (found === undefined || found.deviceNumber === before.deviceNumber) return undefined;
  if (isDownload(found)) {
    const message = 'the module came back in download mode instead of starting';
    throw new HarnessError('FLASH_STRAP_ON', message, { usbPath: before.usbPath });
  }
  return isModule(found) && found.ports.length > 0 ? found : undefined;
}

function atPortOf(device: UsbDevice): string {
  const port = device.ports.find(({ interfaceNumber }) => interfaceNumber === AT_INTERFACE);
  if (port !== undefined) return port.path;
  throw new HarnessError('PORT_LOST', `the module at ${device.usbPath} has no AT port (interface ${AT_INTERFACE})`, {
    port: device.usbPath,
  });
}
