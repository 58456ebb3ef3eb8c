import { HarnessError } from '../../errors.ts';
import { type FlashHost, isDownload, isModule, type UsbDevice } from './flash-host.ts';

/**
 * The one device to flash: a module, or a module that is in download mode already. `wanted` is a USB path or the path of
 * one of its ports; without it there must be exactly one candidate.
 * @throws HarnessError FLASH_NO_DEVICE, FLASH_AMBIGUOUS
 */
export async function findTarget(host: FlashHost, wanted: string | undefined): Promise<UsbDevice> {
  const candidates = (await host.listDevices()).filter((device) => isModule(device) || isDownload(device));
  const matching = wanted === undefined ? candidates : candidates.filter((device) => isCalled(device, wanted));
  const [first, ...more] = matching;
  if (first === undefined) {
    const message = wanted === undefined ? 'no module is plugged in' : `no module is at ${wanted}`;
    throw new HarnessError('FLASH_NO_DEVICE', message, { wanted });
  }
  if (more.length === 0) return first;
  const devices = matching.map(({ usbPath }) => usbPath);
  throw new HarnessError(
    'FLASH_AMBIGUOUS',
    `${devices.length} modules are plugged in: ${devices.join(', ')}; choose one with --module`,
    { devices },
  );
}

function isCalled(device: UsbDevice, name: string): boolean {
  return device.usbPath === name || device.ports.some(({ path }) => path === name);
}
