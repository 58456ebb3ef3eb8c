import { HarnessError } from '../../errors.ts';
import { PDL_CHUNK_BYTES, pdlConnect, pdlEnd, pdlExec, pdlMid, pdlStart } from '../pdl/pdl-packet.ts';
import { BslLink } from './bsl-link.ts';
import type { Exchange } from './exchange.ts';
import type { FlashTimeouts } from './flash-timeouts.ts';
import { PdlLink } from './pdl-link.ts';

export interface LoadedImage {
  readonly id: string;
  readonly address: number;
  readonly bytes: Uint8Array;
}

export interface LoadOptions {
  readonly timeouts: FlashTimeouts;
  readonly onBytes: (count: number) => void;
  readonly onLog: (text: string) => void;
}

const CHECK_BAUD = Buffer.of(0x7e);
const VERSION = /^Spreadtrum Boot Block version \d+\.\d+$/u;

/**
 * Boot ROM to running first loader, over PDL. Returns the link on which it answers and the version that it told.
 * @throws HarnessError FLASH_ROM_SILENT, FLASH_PDL_TIMEOUT, FLASH_PDL_REFUSED, FLASH_FDL1_REJECTED, FLASH_NO_VERSION, FLASH_WRONG_VERSION
 */
export async function loadFdl1(
  exchange: Exchange,
  image: LoadedImage,
  options: LoadOptions,
): Promise<{ readonly link: BslLink; readonly version: string }> {
  exchange.stage = 'rom';
  exchange.fileId = image.id;
  const rom = new PdlLink(exchange);
  await connect(rom, exchange, options.timeouts);
  await send(rom, exchange, image, options);
  await rom.tryCommand('EXEC_DATA', pdlExec(), options.timeouts.pdlExecMs);
  exchange.stage = 'fdl1';
  const link = new BslLink(exchange, options.onLog);
  return { link, version: await waitForVersion(rom, link, exchange, options.timeouts) };
}

async function connect(rom: PdlLink, exchange: Exchange, timeouts: FlashTimeouts): Promise<void> {
  for (let attempt = 0; attempt < timeouts.pdlConnectAttempts; attempt++)
    if (await rom.tryCommand('CONNECT', pdlConnect(), timeouts.pdlConnectMs)) return;
  const attempts = timeouts.pdlConnectAttempts;
  const message = `nothing on the download port answered ${attempts} times CONNECT, ${timeouts.pdlConnectMs} ms each`;
  throw new HarnessError('FLASH_ROM_SILENT', message, { ...exchange.point('CONNECT'), attempts });
}

async function send(
  rom: PdlLink,
  exchange: Exchange,
  { address, bytes }: LoadedImage,
  options: LoadOptions,
): Promise<void> {
  const { pdlDataMs } = options.timeouts;
  exchange.offsetBytes = 0;
  await rom.command('START_DATA', pdlStart(address, bytes.length), pdlDataMs);
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const chunk = bytes.subarray(at, at + PDL_CHUNK_BYTES);
    await rom.command('MID_DATA', pdlMid(index, chunk), pdlDataMs);
    at += chunk.length;
    exchange.offsetBytes = at;
    options.onBytes(chunk.length);
  }
  await rom.command('END_DATA', pdlEnd(), pdlDataMs);
}

/** The loader tells its version once, on the first 0x7E that it sees; meanwhile the ROM may still refuse the image. */
async function waitForVersion(
  rom: PdlLink,
  link: BslLink,
  exchange: Exchange,
  timeouts: FlashTimeouts,
): Promise<string> {
  for (let attempt = 0; attempt < timeouts.versionAttempts; attempt++) {
    const version = await exchange.ask('CHECK_BAUD', {
      bytes: CHECK_BAUD,
      timeoutMs: timeouts.versionMs,
      read: (chunk) => {
        for (const packet of rom.look(chunk)) rom.check('EXEC_DATA', packet);
        return link.readVersion(chunk);
      },
    });
    if (version === undefined) continue;
    if (VERSION.test(version)) return version;
    const message = `the loader calls itself ${JSON.stringify(version)}`;
    throw new HarnessError('FLASH_WRONG_VERSION', message, { ...exchange.point('CHECK_BAUD'), version });
  }
  const attempts = timeouts.versionAttempts;
  const message = `the first loader was started and did not tell its version (${attempts} × ${timeouts.versionMs} ms)`;
  throw new HarnessError('FLASH_NO_VERSION', message, { ...exchange.point('CHECK_BAUD'), attempts });
}
