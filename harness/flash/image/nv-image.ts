import { crc16Arc } from '../crc16-arc.ts';
import { refusePac } from '../refuse-pac.ts';

/** The fixed NV of a module, which holds calibration and IMEI: `crc BE, reserved, {id LE, size LE, data padded to 4}…`. */
export const NV_IMAGE_BYTES = 0x2_0000;
/** The item of the first IMEI. */
export const NV_IMEI = 5;

export interface NvItem {
  readonly id: number;
  /** Where its data starts in the image. */
  readonly offset: number;
  readonly bytes: Buffer;
}

/** CRC-16/ARC over all but the first two bytes. The copy inside a PAC carries a build stamp there instead. */
export function nvCrc(image: Uint8Array): number {
  return crc16Arc(image.subarray(2));
}

/** The image with its right CRC in place. */
export function withNvCrc(image: Uint8Array): Buffer {
  const copy = Buffer.from(image);
  copy.writeUInt16BE(nvCrc(copy), 0);
  return copy;
}

/** @throws HarnessError FLASH_PAC_INVALID — an item reaches past the end, or the end mark is missing */
export function readNvItems(image: Buffer): readonly NvItem[] {
  const items: NvItem[] = [];
  let at = 4;
  for (;;) {
    if (at + 2 > image.length) refusePac('the NV image is unusable', 'it has no end mark');
    const id = image.readUInt16LE(at);
    if (id >= 0xfffe) return items;
    if (at + 4 > image.length) refusePac('the NV image is unusable', `item ${id} is cut`);
    const size = image.readUInt16LE(at + 2);
    const offset = at + 4;
    if (offset + size > image.length) refusePac('the NV image is unusable', `item ${id} ends past the image`);
    items.push({ id, offset, bytes: image.subarray(offset, offset + size) });
    at = offset + Math.ceil(size / 4) * 4;
  }
}

/**
 * A new image in which the items `keep` have the module's own contents, CRC included. Stricter than the vendor's tool,
 * which copies with the new length whatever was there.
 * @throws HarnessError FLASH_PAC_INVALID — an item to keep is missing on one side or has another length
 */
export function mergeNv(fresh: Buffer, backup: Buffer, keep: readonly number[]): Buffer {
  const merged = Buffer.from(fresh);
  const old = new Map(readNvItems(backup).map((item) => [item.id, item]));
  const wanted = new Set(keep);
  for (const item of readNvItems(fresh)) {
    if (!wanted.delete(item.id)) continue;
    const kept = old.get(item.id) ?? refusePac('the NV image is unusable', `the module has no item ${item.id} to keep`);
    if (kept.bytes.length !== item.bytes.length)
      refusePac(
        'the NV image is unusable',
        `item ${item.id} has ${kept.bytes.length} bytes in the module and ${item.bytes.length} in the PAC`,
      );
    merged.set(kept.bytes, item.offset);
  }
  if (wanted.size > 0)
    refusePac('the NV image is unusable', `it has no item ${[...wanted].join(', ')} to put the module's own into`);
  return withNvCrc(merged);
}
