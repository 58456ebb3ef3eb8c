import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { asError, HarnessError } from '../errors.ts';
import { packageRoot } from './package-root.ts';
import type { SdkGeneration } from './sku.ts';
import { spawnBound } from './spawn-bound.ts';

/** Enough for a slow machine that builds for the first time. */
const BUDGET_MS = 600_000;
const KEPT_OUTPUT_BYTES = 16_384;

/** Names a folder whose `<generation>/qlhil-vmodule` is used as it is, in place of our own build. */
const OTHER_BUILD_VARIABLE = 'QLHIL_FIRMWARE';

/**
 * Builds the virtual module's firmware if something changed, and returns the path of its binary.
 *
 * @param onSlow called when there is no binary yet, so that the wait can be explained
 * @throws HarnessError CHILD_FAILED — the build failed; the message ends with what it said
 * @throws HarnessError CONFIGURATION — the folder that `QLHIL_FIRMWARE` names has no binary of this generation
 */
export async function buildFirmware(sdk: SdkGeneration, onSlow: () => void = () => undefined): Promise<string> {
  const other = process.env[OTHER_BUILD_VARIABLE];
  if (other !== undefined && other !== '') return findBinary(join(other, sdk, 'qlhil-vmodule'));
  const firmware = join(packageRoot, 'firmware');
  const binary = join(firmware, 'build', sdk, 'qlhil-vmodule');
  if (!existsSync(binary)) onSlow();
  const script = join(firmware, 'build.sh');
  await run(script, [sdk]);
  if (existsSync(binary)) return binary;
  throw failed(script, 0, `it made no ${binary}`);
}

function findBinary(binary: string): string {
  if (existsSync(binary)) return binary;
  const message = `${OTHER_BUILD_VARIABLE} names a folder without ${binary}; unset it, or build that firmware first`;
  throw new HarnessError('CONFIGURATION', message, { subject: OTHER_BUILD_VARIABLE });
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawnBound(command, args, BUDGET_MS);
  let output = '';
  const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-KEPT_OUTPUT_BYTES));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(failed(command, null, asError(error).message)));
    child.once('close', resolve);
  });
  if (exitCode !== 0) throw failed([command, ...args].join(' '), exitCode, output.trim());
}

function failed(command: string, exitCode: number | null, why: string): HarnessError {
  const message = `the firmware of the virtual module does not build (./setup.sh run brings what it needs): ${why}`;
  return new HarnessError('CHILD_FAILED', message, { command, exitCode });
}
