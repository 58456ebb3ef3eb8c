import { HarnessError, isFailure } from '../../errors.ts';
import { BSL_REPLY } from '../bsl/bsl-code.ts';
import type { BslLink } from './bsl-link.ts';
import type { Exchange } from './exchange.ts';
import type { LoadedImage } from './load-fdl1.ts';
import { type SendOptions, sendFile } from './send-file.ts';

const NOTHING = new Uint8Array(0);

/**
 * First loader to running second loader. CHANGE_BAUD is left out: on USB it changes nothing in the device, and a change
 * of our own line speed would be the control transfer that kills it.
 * @throws HarnessError FLASH_FDL2_REJECTED, else as BslLink.command does
 */
export async function loadFdl2(
  link: BslLink,
  exchange: Exchange,
  image: LoadedImage,
  options: SendOptions,
): Promise<void> {
  exchange.fileId = image.id;
  exchange.offsetBytes = undefined;
  await link.command('CONNECT', NOTHING, options.timeouts.connectMs);
  try {
    await sendFile(link, exchange, image, options);
  } catch (error) {
    throw isSignatureError(error) ? rejected(exchange, error) : error;
  }
  // The answer is the start-up ACK of FDL2 itself.
  await link.command('EXEC_DATA', NOTHING, options.timeouts.execMs);
  exchange.stage = 'fdl2';
}

function isSignatureError(error: unknown): boolean {
  if (!isFailure(error, 'FLASH_BSL_REFUSED')) return false;
  return error.data.operation === 'END_DATA' && error.data.reply === BSL_REPLY.SEC_VERIFY_ERROR;
}

function rejected(exchange: Exchange, cause: unknown): HarnessError {
  const message = 'the first loader rejected the signature of the second one';
  return new HarnessError('FLASH_FDL2_REJECTED', message, exchange.point('END_DATA'), { cause });
}
