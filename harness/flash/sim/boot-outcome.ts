import { isFailure } from '../../errors.ts';
import { APP_IMAGE_MAGIC, readAppImage } from '../image/app-image.ts';
import type { FlashMemory } from './flash-memory.ts';

/** What a module makes of its flash when it starts. */
export interface BootOutcome {
  /** Without a bootloader the ROM stays in download mode. */
  readonly hasBootloader: boolean;
  /** The core starts an application only if header and CRC are right. */
  readonly app: 'runs' | 'absent' | 'damaged';
  /** The revision that a simulated application carries in its image. */
  readonly revision: string | undefined;
}

const APP_OFFSET = 0x25_0000;
const APP_ROOM_BYTES = 0x12_0000;
const BOOTLOADER_MARK = 0x2705_1956;
const REVISION_MARK = 'qlhil-revision=';

export function bootOutcome(memory: FlashMemory): BootOutcome {
  const hasBootloader = memory.bytes.readUInt32BE(0) === BOOTLOADER_MARK;
  const app = memory.bytes.subarray(APP_OFFSET, APP_OFFSET + APP_ROOM_BYTES);
  if (app.readUInt32LE(0) !== APP_IMAGE_MAGIC) return { hasBootloader, app: 'absent', revision: undefined };
  const imageBytes = Math.min(app.readUInt32LE(4), app.length);
  try {
    readAppImage(app.subarray(0, imageBytes));
  } catch (error) {
    if (!isFailure(error, 'FLASH_PAC_INVALID')) throw error;
    return { hasBootloader, app: 'damaged', revision: undefined };
  }
  return { hasBootloader, app: 'runs', revision: findRevision(app.subarray(0, imageBytes)) };
}

/** Lets a module come from the factory with a bootloader, as nothing else of its core matters here. */
export function writeBootloader(memory: FlashMemory): void {
  memory.bytes.writeUInt32BE(BOOTLOADER_MARK, 0);
}

/** An application payload that makes a simulated or virtual module report this revision. */
export function revisionPayload(revision: string, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${REVISION_MARK}${revision}\0`, 'latin1'), payload]);
}

function findRevision(image: Buffer): string | undefined {
  const at = image.indexOf(REVISION_MARK, 0, 'latin1');
  if (at < 0) return undefined;
  const end = image.indexOf(0, at);
  return image.toString('latin1', at + REVISION_MARK.length, end < 0 ? undefined : end).slice(0, 64);
}
