import { isFailure } from '../../errors.ts';
import { BSL_COMMAND, BSL_REPLY } from '../bsl/bsl-code.ts';
import { encodeBslFrameForUsb } from '../bsl/encode-bsl-frame.ts';
import type { BslLink } from './bsl-link.ts';
import type { Exchange } from './exchange.ts';
import type { FlashTimeouts } from './flash-timeouts.ts';
import type { LoadedImage } from './load-fdl1.ts';

/** Data bytes of one MIDST: what official tools use, and what fits every loader of the family. */
export const MIDST_BYTES = 0x800;

export interface SendOptions {
  readonly timeouts: FlashTimeouts;
  readonly onBytes: (count: number) => void;
  /** A file is sent again from its START; what was counted of it is taken back through `onBytes`. */
  readonly onRetry: (reason: string) => void;
  /** For the first command after a loader started. */
  readonly startMs?: number;
}

/**
 * START, MIDST…, END. There are no sequence numbers, so a single MIDST is never sent again; the unit of repetition is the
 * file, once, and only where the loader is known to be alive and waiting.
 * @throws HarnessError — as BslLink.command does
 */
export async function sendFile(
  link: BslLink,
  exchange: Exchange,
  file: LoadedImage,
  options: SendOptions,
): Promise<void> {
  exchange.fileId = file.id;
  try {
    await sendOnce(link, exchange, file, options);
  } catch (error) {
    if (!(await canStartOver(link, error, options.timeouts))) throw error;
    options.onBytes(-(exchange.offsetBytes ?? 0));
    options.onRetry(error instanceof Error ? error.message : String(error));
    await sendOnce(link, exchange, file, options);
    // The answer that was lost may have come after all, and then each later one was taken for the one before it.
    await link.expectSilence(options.timeouts.drainMs);
  }
}

async function sendOnce(
  link: BslLink,
  exchange: Exchange,
  { address, bytes }: LoadedImage,
  options: SendOptions,
): Promise<void> {
  const { timeouts } = options;
  exchange.offsetBytes = 0;
  await link.command('START_DATA', twoWords(address, bytes.length), Math.max(timeouts.startMs, options.startMs ?? 0));
  for (let at = 0, frame = midst(bytes, 0); at < bytes.length; ) {
    const count = Math.min(MIDST_BYTES, bytes.length - at);
    const answered = link.send('MIDST_DATA', frame, timeouts.midstMs);
    // Encoded while the device works on the one before; it goes out only after that one was acknowledged.
    frame = midst(bytes, at + count);
    await answered;
    at += count;
    exchange.offsetBytes = at;
    options.onBytes(count);
  }
  await link.command('END_DATA', new Uint8Array(0), timeouts.endMs);
}

function midst(bytes: Uint8Array, at: number): Buffer {
  return encodeBslFrameForUsb(BSL_COMMAND.MIDST_DATA, bytes.subarray(at, at + MIDST_BYTES));
}

/** After a failed comparison the loader waits for a START; after silence only if it still answers CONNECT. */
async function canStartOver(link: BslLink, error: unknown, timeouts: FlashTimeouts): Promise<boolean> {
  if (isFailure(error, 'FLASH_BSL_REFUSED'))
    return error.data.operation === 'END_DATA' && error.data.reply === BSL_REPLY.VERIFY_ERROR;
  if (!isFailure(error, 'FLASH_BSL_TIMEOUT') || error.data.operation !== 'MIDST_DATA') return false;
  await link.drain(timeouts.drainMs);
  try {
    await link.command('CONNECT', new Uint8Array(0), timeouts.connectMs);
  } catch {
    // Silent or confused: the first failure says what happened, this one only that nothing can be mended here.
    return false;
  }
  // An ACK that is later still belongs to the lost MIDST and must not be taken for the answer to START.
  await link.drain(timeouts.drainMs);
  return true;
}

export function twoWords(first: number, second: number): Buffer {
  const payload = Buffer.alloc(8);
  payload.writeUInt32BE(first, 0);
  payload.writeUInt32BE(second, 4);
  return payload;
}
