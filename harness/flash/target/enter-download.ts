import type { Clock } from '../../clock.ts';
import { HarnessError } from '../../errors.ts';
import type { AtSession } from './at-session.ts';
import { type FlashHost, isDownload, type UsbDevice } from './flash-host.ts';
import { waitForDevice } from './wait-for-device.ts';

const COMMAND_MS = 5000;
const VANISH_MS = 10_000;
const APPEAR_MS = 15_000;

/**
 * Sends the module into its boot ROM and waits for the download port on the same USB path. A lost OK is tolerated: the
 * module may reset before it is out.
 * @throws HarnessError FLASH_ENTRY_REFUSED, FLASH_ENTRY_STAYED, FLASH_ENTRY_LOST
 */
export async function enterDownload(
  at: AtSession,
  module: UsbDevice,
  host: FlashHost,
  clock: Clock,
): Promise<UsbDevice> {
  const { final } = await at.ask('AT+QDOWNLOAD=1', COMMAND_MS).catch(lostOk);
  await at.close();
  if (final !== undefined && final !== 'OK')
    throw new HarnessError('FLASH_ENTRY_REFUSED', `the module answered AT+QDOWNLOAD=1 with ${final}`, {
      answer: final,
    });
  const { usbPath, deviceNumber } = module;
  const left = await waitForDevice(host, clock, {
    usbPath,
    budgetMs: VANISH_MS,
    accept: (device) => (device?.deviceNumber === deviceNumber ? undefined : true),
  });
  if (left === undefined)
    throw new HarnessError('FLASH_ENTRY_STAYED', `the module is still there ${VANISH_MS} ms after AT+QDOWNLOAD=1`, {
      waitedMs: VANISH_MS,
    });
  return await waitForDownloadPort(host, clock, usbPath);
}

async function waitForDownloadPort(host: FlashHost, clock: Clock, usbPath: string): Promise<UsbDevice> {
  const found = await waitForDevice(host, clock, {
    usbPath,
    budgetMs: APPEAR_MS,
    accept: (device) => (device !== undefined && isDownload(device) && device.ports.length > 0 ? device : undefined),
  });
  if (found !== undefined) return found;
  const message = `the module left and no download port came at ${usbPath} within ${APPEAR_MS} ms`;
  throw new HarnessError('FLASH_ENTRY_LOST', message, { usbPath, waitedMs: APPEAR_MS });
}

function lostOk(): { readonly final: undefined } {
  return { final: undefined };
}
