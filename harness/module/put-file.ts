import { crc32 } from '../protocol/crc32.ts';
import { CHUNK_BYTES } from '../protocol/limits.ts';
import type { ModuleSession } from './session.ts';

/**
 * Writes a file on the module, chunk by chunk, and has the module compare the whole.
 *
 * @throws HarnessError RPC_REFUSED — FILE_FAILED with the SDK's code, or CRC_MISMATCH
 */
export async function putFile(session: ModuleSession, name: string, bytes: Uint8Array): Promise<void> {
  let offset = 0;
  do {
    const chunk = bytes.subarray(offset, offset + CHUNK_BYTES);
    const base64 = Buffer.from(chunk).toString('base64');
    await session.request('file.write', { name, offset, base64, crc32: crc32(chunk) });
    offset += chunk.length;
  } while (offset < bytes.length);
  await session.request('file.check', { name, length: bytes.length, crc32: crc32(bytes) });
}
