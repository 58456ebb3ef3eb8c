import { asError, HarnessError } from '../../errors.ts';
import type { BytePort } from '../byte-port.ts';
import type { FlashHost } from './flash-host.ts';

/** Between two looks at what sysfs says; it tells nobody of itself. */
export const LOOK_EVERY_MS = 100;

/**
 * Opens a port that udev may still be giving its permissions to: tries again for a while, then says what is wrong.
 * @throws HarnessError FLASH_PORT_PERMISSION, FLASH_PORT_BUSY, PORT_LOST
 */
export async function openPort(host: FlashHost, path: string, patienceMs = 2000): Promise<BytePort> {
  for (let leftMs = patienceMs; ; leftMs -= LOOK_EVERY_MS) {
    try {
      return await host.openPort(path);
    } catch (error) {
      if (leftMs <= 0) throw explained(path, asError(error));
    }
    await pause(LOOK_EVERY_MS);
  }
}

export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function explained(port: string, cause: Error): HarnessError {
  if (/EACCES|permission denied/iu.test(cause.message))
    return new HarnessError('FLASH_PORT_PERMISSION', `no permission to open ${port}`, { port }, { cause });
  if (/EBUSY|cannot lock/iu.test(cause.message))
    return new HarnessError('FLASH_PORT_BUSY', `${port} is open in another program`, { port }, { cause });
  return new HarnessError('PORT_LOST', `${port} cannot be opened: ${cause.message}`, { port }, { cause });
}
