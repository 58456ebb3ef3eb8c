import { readSkus } from '../harness/bench/sku.ts';
import { stateFolder } from '../harness/bench/state-folder.ts';
import { systemClock } from '../harness/clock.ts';
import type { FlashDriver } from '../harness/flash/external/flash-driver.ts';
import { qdloaderDriver, templateDriver } from '../harness/flash/external/known-drivers.ts';
import { flash as flashPac } from '../harness/flash/flash.ts';
import type { FlashOptions } from '../harness/flash/flash-options.ts';
import { endOnSignal } from './end-on-signal.ts';
import type { FlashArguments } from './flash-command.ts';
import { type FlashTarget, openFlashTarget } from './flash-target.ts';
import { FlashView } from './flash-view.ts';
import { paintFor } from './paint.ts';
import { readOnce } from './read-option.ts';
import { usageError } from './usage-error.ts';

/** @returns the exit code */
export async function flash(given: FlashArguments): Promise<number> {
  // With --json, standard output is the report's alone.
  const stream = given.json ? process.stderr : process.stdout;
  const view = new FlashView(stream, paintFor(stream));
  const driver = readDriver(given);
  await using target = await openFlashTarget({
    module: readOnce('module', given.module),
    bench: readOnce('bench', given.bench),
    root: readOnce('root', given.root),
    why: `qlhil flash ${String(given.pac)}`,
    isDry: given['dry-run'],
    onNote: (note) => view.note(note),
  });
  using end = endOnSignal(() => view.note('stopping after this file: in the middle of one there is no safe place'));
  const report = await flashPac(readOptions(given, { target, driver, signal: end.signal }), {
    host: target.host,
    clock: systemClock,
    onProgress: (progress) => view.progress(progress),
    onNotice: (line) => view.notice(line),
  });
  view.report(report);
  if (given.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  return report.exitCode;
}

interface Chosen {
  readonly target: FlashTarget;
  readonly driver: FlashDriver;
  readonly signal: AbortSignal;
}

function readOptions(given: FlashArguments, { target, driver, signal }: Chosen): FlashOptions {
  const sku = readOnce('sku', given.sku);
  const expectRevision = readOnce('expect-revision', given['expect-revision']);
  const { port, moduleSku, journalFolder } = target;
  return {
    pacPath: String(given.pac),
    knownSkus: readSkus().map((known) => known.sku),
    journalFolder,
    dryRun: given['dry-run'],
    allow: given.allow,
    verify: given.verify,
    ignoreCrc: given['ignore-crc'],
    ignoreImages: given['ignore-images'],
    driver,
    signal,
    ...(sku === undefined ? {} : { sku }),
    ...(port === undefined ? {} : { port }),
    ...(moduleSku === undefined ? {} : { moduleSku }),
    ...(expectRevision === undefined ? {} : { expectRevision }),
  };
}

function readDriver(given: FlashArguments): FlashDriver {
  const command = readOnce('driver-command', given['driver-command']);
  const success = readOnce('driver-success', given['driver-success']);
  if (command !== undefined) {
    if (success === undefined)
      throw usageError('--driver-command needs --driver-success, the line that closes a good run');
    return templateDriver(
      command.split(' ').filter((word) => word !== ''),
      success,
    );
  }
  if (success !== undefined) throw usageError('--driver-success is for --driver-command');
  if (given.driver === 'native') return { kind: 'native' };
  return qdloaderDriver(given.qdloader, stateFolder('nv-backups'));
}
