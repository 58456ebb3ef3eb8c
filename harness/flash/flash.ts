import { readFileSync, statSync } from 'node:fs';
import { asError, HarnessError } from '../errors.ts';
import { type DeviceLeft, flashAdvice } from './flash-advice.ts';
import { flashExitCode } from './flash-exit-code.ts';
import { FlashLedger } from './flash-ledger.ts';
import type { FlashIo, FlashOptions, FlashReport, FlashReportError } from './flash-options.ts';
import { runFlash } from './flash-run.ts';
import { PAC_MAX_BYTES } from './pac/pac-layout.ts';
import { parsePac } from './pac/parse-pac.ts';
import { readPacPlan } from './pac/read-pac-plan.ts';
import { checkImages } from './plan/check-images.ts';
import { checkNativeDriver, checkRefused, type FlashPlan, planFlash } from './plan/flash-plan.ts';
import { renderPlan } from './plan/render-plan.ts';
import { type ResolvedSku, resolveSku } from './plan/resolve-sku.ts';
import { refusePac } from './refuse-pac.ts';

/**
 * Puts the firmware of a PAC on a module: checks everything that can be checked first, then enters download mode, writes,
 * compares, resets, and looks who comes back. Never rejects for a reason that a user could meet: the report says it.
 */
export async function flash(options: FlashOptions, io: FlashIo): Promise<FlashReport> {
  const ledger = new FlashLedger(io);
  const startedMs = io.clock.nowMs();
  let sku: ResolvedSku | undefined;
  let error: FlashReportError | undefined;
  let exitCode = 0;
  try {
    const plan = preparePlan(options, io);
    sku = resolveSku({
      option: options.sku,
      module: options.moduleSku,
      pacPath: options.pacPath,
      known: options.knownSkus,
    });
    io.onNotice(`for ${sku.sku} (${sku.source})`);
    permit(plan, options);
    if (options.dryRun !== true) await runFlash({ options, io, plan, sku }, ledger);
  } catch (thrown) {
    error = explain(thrown, ledger.left);
    exitCode = flashExitCode(thrown);
  }
  return {
    ok: error === undefined,
    exitCode,
    dryRun: options.dryRun === true,
    driver: driverName(options),
    sku,
    ...ledger.facts(),
    durationMs: io.clock.nowMs() - startedMs,
    error,
  };
}

function preparePlan(options: FlashOptions, io: FlashIo): FlashPlan {
  const pac = parsePac(readPac(options.pacPath), { ignoreCrc: options.ignoreCrc === true });
  const wanted = readPacPlan(pac);
  const plan = planFlash(wanted, new Set(options.allow));
  io.onNotice(`${options.pacPath}: ${pac.product}, ${pac.productVersion}, "${pac.alias}"`);
  for (const line of renderPlan(plan)) io.onNotice(line);
  const warnings = [
    ...pac.warnings,
    ...wanted.warnings,
    ...checkImages(plan, { ignore: options.ignoreImages === true }),
  ];
  for (const warning of warnings) io.onNotice(`warning: ${warning}`);
  return plan;
}

function permit(plan: FlashPlan, options: FlashOptions): void {
  checkRefused(plan);
  if (options.driver === undefined || options.driver.kind === 'native') checkNativeDriver(plan);
}

function readPac(path: string): Buffer {
  try {
    const { size } = statSync(path);
    if (size > PAC_MAX_BYTES) refusePac('not a usable PAC', `the file has ${size} bytes, more than ${PAC_MAX_BYTES}`);
    return readFileSync(path);
  } catch (thrown) {
    if (thrown instanceof HarnessError) throw thrown;
    const cause = asError(thrown);
    throw new HarnessError('CONFIGURATION', `cannot read ${path}: ${cause.message}`, { subject: path }, { cause });
  }
}

function explain(thrown: unknown, left: DeviceLeft): FlashReportError {
  const cause = asError(thrown);
  const failure =
    thrown instanceof HarnessError
      ? thrown
      : new HarnessError('HARNESS_BUG', cause.message, { where: 'flash' }, { cause });
  return { code: failure.code, message: failure.message, advice: flashAdvice(failure, left), left, data: failure.data };
}

function driverName({ driver }: FlashOptions): string {
  return driver === undefined || driver.kind === 'native' ? 'native' : driver.name;
}
