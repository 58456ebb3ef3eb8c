import { type Clock } from '../../clock.ts';
import type { FlashHost, UsbDevice } from './flash-host.ts';
import { LOOK_EVERY_MS, pause } from './open-port.ts';

/** Looks until what is plugged in at this path satisfies `accept`; undefined when that did not happen within `budgetMs`. */
export async function waitForDevice<T>(
  host: FlashHost,
  clock: Clock,
  {
    usbPath,
    budgetMs,
    accept,
  }: {
    readonly usbPath: string;
    readonly budgetMs: number;
    readonly accept: (device: UsbDevice | undefined) => T | undefined;
  },
): Promise<T | undefined> {
  const until = clock.nowMs() + budgetMs;
  for (;;) {
    const device = (await host.listDevices()).find((candidate) => candidate.usbPath === usbPath);
    const found = accept(device);
    if (found !== undefined) return found;
    if (clock.nowMs() >= until) return undefined;
    await pause(LOOK_EVERY_MS);
  }
}
