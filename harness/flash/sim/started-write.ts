import { crc32 } from 'node:zlib';
import { BSL_REPLY } from '../bsl/bsl-code.ts';
import { NV_IMAGE_BYTES, NV_IMEI, nvCrc, readNvItems } from '../image/nv-image.ts';
import { PrepackReader } from '../image/prepack-reader.ts';
import type { DeviceContext } from './device-context.ts';
import { FLASH_BASE } from './flash-memory.ts';
import { isSignedFor } from './image-signature.ts';

/** Addresses that are no flash but a service of FDL2. */
export const LOGIC_ADDRESS = {
  runningNv: 0xfe00_0001,
  phaseCheck: 0xfe00_0002,
  nv: 0xfe00_0003,
  prepack: 0xfe00_0004,
  appFile: 0xfe00_0005,
  fileSystem: 0xfe00_0006,
} as const;

const RING_BYTES = 0x2_0000;
const RING_RESERVE_BYTES = 0x3000;
const ERASE_BLOCK_BYTES = 0x1_0000;
const PHASE_CHECK_BYTES = 256;
/** Items that a factory wrote and an ordinary download silently keeps. */
const PRODUCTION_ITEMS = new Set([NV_IMEI, 0x179, 0x26d, 0x26e]);

/** A transfer between START and END; `append` and `finish` return the reply code of a complaint. */
export interface StartedWrite {
  readonly address: number;
  readonly totalBytes: number;
  readonly receivedBytes: number;
  append(chunk: Buffer, device: DeviceContext): number | undefined;
  finish(device: DeviceContext): number | undefined;
}

/** The transfer that START begins, or the code with which FDL2 refuses it. */
export function startWrite(
  address: number,
  sizeBytes: number,
  isFactory: boolean,
  device: DeviceContext,
): StartedWrite | number {
  if (address === LOGIC_ADDRESS.phaseCheck)
    return sizeBytes === PHASE_CHECK_BYTES
      ? new BufferedWrite(address, sizeBytes, keepPhaseCheck)
      : BSL_REPLY.DOWN_SIZE_ERROR;
  if (address === LOGIC_ADDRESS.nv)
    return sizeBytes <= NV_IMAGE_BYTES
      ? new BufferedWrite(address, sizeBytes, (image, into) => keepNv(image, isFactory, into))
      : BSL_REPLY.DOWN_SIZE_ERROR;
  if (address === LOGIC_ADDRESS.prepack) return new PrepackWrite(sizeBytes);
  if (!device.storage.memory.contains(address, sizeBytes)) return BSL_REPLY.DOWN_DEST_ERROR;
  return new FlashWrite(address, sizeBytes, device);
}

class BufferedWrite implements StartedWrite {
  readonly address: number;
  readonly totalBytes: number;
  receivedBytes = 0;
  readonly #image: Buffer;
  readonly #keep: (image: Buffer, device: DeviceContext) => number | undefined;

  constructor(address: number, totalBytes: number, keep: (image: Buffer, device: DeviceContext) => number | undefined) {
    this.address = address;
    this.totalBytes = totalBytes;
    this.#image = Buffer.alloc(totalBytes);
    this.#keep = keep;
  }

  append(chunk: Buffer): undefined {
    this.#image.set(chunk, this.receivedBytes);
    this.receivedBytes += chunk.length;
  }

  finish(device: DeviceContext): number | undefined {
    return this.#keep(this.#image, device);
  }
}

function keepPhaseCheck(image: Buffer, device: DeviceContext): undefined {
  device.storage.phaseCheck = image;
}

function keepNv(image: Buffer, isFactory: boolean, device: DeviceContext): number | undefined {
  const whole = Buffer.alloc(NV_IMAGE_BYTES, 0xff);
  whole.set(image);
  if (whole.readUInt16BE(0) !== nvCrc(whole)) return BSL_REPLY.OPERATION_FAILED;
  const old = new Map(readNvItems(device.storage.nv).map((item) => [item.id, item]));
  for (const item of readNvItems(whole)) {
    const kept = old.get(item.id);
    if (!isFactory && kept !== undefined && PRODUCTION_ITEMS.has(item.id)) whole.set(kept.bytes, item.offset);
  }
  device.storage.nv = whole;
  return undefined;
}

class PrepackWrite implements StartedWrite {
  readonly address = LOGIC_ADDRESS.prepack;
  readonly totalBytes: number;
  receivedBytes = 0;
  readonly #reader = new PrepackReader();

  constructor(totalBytes: number) {
    this.totalBytes = totalBytes;
  }

  append(chunk: Buffer, device: DeviceContext): number | undefined {
    this.receivedBytes += chunk.length;
    try {
      for (const file of this.#reader.push(chunk))
        if (!file.isFolder) device.storage.files.set(`/${file.name}`, file.bytes);
      return undefined;
    } catch {
      // Which rule the member broke is the host's business; FDL2 only says that the file does not fit.
      return BSL_REPLY.DOWN_SIZE_ERROR;
    }
  }

  finish(): undefined {}
}

/** Flash behind a ring of 128 KiB: an answer waits while the ring has no room for one more packet. */
class FlashWrite implements StartedWrite {
  readonly address: number;
  readonly totalBytes: number;
  receivedBytes = 0;
  readonly #stream: Buffer[] = [];
  #erasedBytes = 0;

  constructor(address: number, totalBytes: number, device: DeviceContext) {
    this.address = address;
    this.totalBytes = totalBytes;
    this.#eraseUpTo(1, device);
  }

  append(chunk: Buffer, device: DeviceContext): undefined {
    const { memory } = device.storage;
    const stored = Buffer.from(chunk);
    this.#stream.push(chunk);
    if (this.receivedBytes === 0 && stored.length > 0 && device.faults.takesBit()) stored[0] = (stored[0] ?? 0) ^ 1;
    this.#eraseUpTo(this.receivedBytes + chunk.length, device);
    memory.program(this.address + this.receivedBytes, stored, device.nowMs());
    this.receivedBytes += chunk.length;
    device.busyUntil(memory.backlogAtMostAtMs(RING_BYTES - RING_RESERVE_BYTES, device.nowMs()));
  }

  finish(device: DeviceContext): number | undefined {
    const { memory } = device.storage;
    device.busyUntil(memory.idleAtMs(device.nowMs()));
    memory.settle(device.nowMs());
    const sent = Buffer.concat(this.#stream);
    const at = this.address - FLASH_BASE;
    const isSame = crc32(memory.bytes.subarray(at, at + sent.length)) === crc32(sent);
    return isSame && isSignedFor(sent, device.options.secureBootKey) ? undefined : BSL_REPLY.VERIFY_ERROR;
  }

  #eraseUpTo(bytes: number, device: DeviceContext): void {
    while (this.#erasedBytes < Math.min(bytes, this.totalBytes)) {
      const size = Math.min(ERASE_BLOCK_BYTES, this.totalBytes - this.#erasedBytes);
      device.storage.memory.erase(this.address + this.#erasedBytes, size, device.nowMs());
      this.#erasedBytes += size;
    }
  }
}
