import { HarnessError } from '../errors.ts';
import { externalFlash } from './external/external-flash.ts';
import { FlashJournal, findInterrupted } from './flash-journal.ts';
import type { FlashLedger } from './flash-ledger.ts';
import type { FlashIo, FlashOptions } from './flash-options.ts';
import { isReadable, nativeFlash } from './native-flash.ts';
import type { FlashPlan } from './plan/flash-plan.ts';
import { isRevisionOf, type ResolvedSku } from './plan/resolve-sku.ts';
import { FLASH_TIMEOUTS } from './session/flash-timeouts.ts';
import type { AtSession } from './target/at-session.ts';
import { enterDownload } from './target/enter-download.ts';
import { findTarget } from './target/find-target.ts';
import { isDownload, type UsbDevice } from './target/flash-host.ts';
import { openPort } from './target/open-port.ts';
import { identify, waitForBoot } from './target/wait-for-boot.ts';

/** One flash, decided on and not yet begun. */
export interface FlashOrder {
  readonly options: FlashOptions;
  readonly io: FlashIo;
  readonly plan: FlashPlan;
  readonly sku: ResolvedSku;
}

/**
 * From the lock to the module that came back.
 * @throws HarnessError — any of FlashFailureData; the ledger then knows in which state the module is
 */
export async function runFlash(order: FlashOrder, ledger: FlashLedger): Promise<void> {
  const { options, io, plan } = order;
  ledger.totalBytes = plan.totalBytes + (verifies(options) ? sumOfReadable(plan) : 0);
  const target = await findTarget(io.host, options.port);
  await using _lock = await io.host.lock(target.usbPath);
  const interrupted = findInterrupted(options.journalFolder, target.usbPath);
  if (interrupted !== undefined) io.onNotice(`warning: ${interrupted}`);
  const journal = new FlashJournal(options.journalFolder, target.usbPath);
  ledger.journal = journal;
  try {
    await writeAndBoot(order, target, ledger);
    journal.write({ event: 'end', ok: true });
  } catch (error) {
    journal.write({ event: 'end', ok: false, ...(error instanceof HarnessError ? { code: error.code } : {}) });
    throw error;
  } finally {
    journal.close();
  }
}

async function writeAndBoot(order: FlashOrder, target: UsbDevice, ledger: FlashLedger): Promise<void> {
  const { options, io, plan, sku } = order;
  const driver = options.driver ?? { kind: 'native' };
  const name = driver.kind === 'native' ? 'native' : driver.name;
  ledger.record({ event: 'begin', pac: options.pacPath, sku: sku.sku, driver: name });
  await checkContenders(io);
  const at = isDownload(target) ? undefined : await openIdentified(order, target, ledger);
  if (driver.kind === 'native') return await bootAfter(await runNative(order, target, at, ledger), order, ledger);
  await at?.close();
  const { pacPath } = options;
  return await bootAfter(await externalFlash({ driver, plan, pacPath, target, host: io.host }, ledger), order, ledger);
}

async function runNative(
  order: FlashOrder,
  target: UsbDevice,
  at: AtSession | undefined,
  ledger: FlashLedger,
): Promise<UsbDevice> {
  const { options, io, plan } = order;
  const download = at === undefined ? acceptUnnamed(order, target, ledger) : await enter(at, target, io, ledger);
  const port = await openPort(io.host, download.ports[0]?.path ?? '');
  try {
    const timeouts = { ...FLASH_TIMEOUTS, ...options.timeouts };
    await nativeFlash(port, plan, { timeouts, verify: verifies(options), signal: options.signal, events: ledger });
  } finally {
    await port.close();
  }
  return download;
}

async function enter(at: AtSession, target: UsbDevice, io: FlashIo, ledger: FlashLedger): Promise<UsbDevice> {
  ledger.onStage('enter');
  ledger.onLeft('download');
  return await enterDownload(at, target, io.host, io.clock);
}

/** A module in its boot ROM has no name: that it is the right one is the word of whoever named the SKU. */
function acceptUnnamed({ io, sku }: FlashOrder, target: UsbDevice, ledger: FlashLedger): UsbDevice {
  if (sku.source === 'file name') {
    const message = `the module at ${target.usbPath} is in download mode and cannot say which one it is; say it with --sku`;
    throw new HarnessError('FLASH_SKU_UNKNOWN', message, { option: '--sku' });
  }
  io.onNotice(`the module at ${target.usbPath} is in download mode already; it is taken for ${sku.sku}`);
  ledger.onLeft('download');
  return target;
}

/** The AT session stays open for the next command: a second opening could meet another program. */
async function openIdentified({ io, sku }: FlashOrder, target: UsbDevice, ledger: FlashLedger): Promise<AtSession> {
  const { at, identity } = await identify(target, io.host);
  ledger.before = identity;
  if (isRevisionOf(sku.sku, identity.revision)) return at;
  await at.close();
  const runs = identity.revision === '' ? 'an unknown revision' : identity.revision;
  const message = `the module at ${target.usbPath} runs ${runs}, the PAC is for ${sku.sku} (${sku.source})`;
  throw new HarnessError('FLASH_SKU_MISMATCH', message, { wanted: sku.sku, found: identity.revision });
}

async function checkContenders({ host }: FlashIo): Promise<void> {
  const programs = await host.findContenders();
  if (programs.length === 0) return;
  const message = `${programs.join(', ')} would open the download port and kill the loader`;
  throw new HarnessError('FLASH_PORT_CONTENDED', message, { programs });
}

async function bootAfter(download: UsbDevice, { io, options, sku }: FlashOrder, ledger: FlashLedger): Promise<void> {
  ledger.onStage('boot');
  const { identity } = await waitForBoot(download, io.host, io.clock);
  ledger.after = identity;
  const { before } = ledger;
  const { expectRevision } = options;
  if (before !== undefined && before.imei !== '' && before.imei !== identity.imei)
    throw changed('IMEI', `…${before.imei.slice(-4)}`, `…${identity.imei.slice(-4)}`);
  if (!isRevisionOf(sku.sku, identity.revision)) throw changed('SKU', sku.sku, identity.revision);
  if (expectRevision !== undefined && expectRevision !== identity.revision)
    throw changed('revision', expectRevision, identity.revision);
}

/** A tool verifies by itself, or not at all. */
function verifies({ verify, driver }: FlashOptions): boolean {
  return verify !== false && driver?.kind !== 'external';
}

function sumOfReadable(plan: FlashPlan): number {
  return plan.steps.filter(isReadable).reduce((sum, { item }) => sum + item.bytes.length, 0);
}

function changed(field: string, before: string, after: string): HarnessError {
  const message = `${field}: ${before} was expected and ${after} came back`;
  return new HarnessError('FLASH_IDENTITY_CHANGED', message, { field, before, after });
}
