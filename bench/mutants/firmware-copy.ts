import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Generation } from './mutant.ts';

const FIRMWARE = join(import.meta.dirname, '..', '..', 'firmware');

export interface FirmwareCopy {
  /** The binary is `<folder>/<generation>/qlhil-vmodule`. */
  readonly folder: string;
  readonly generation: Generation;
  /** Folder of the MQTT client that is linked in. */
  readonly client: string;
  readonly compiler?: string;
  readonly flags: readonly string[];
}

/** Prepares a build of the firmware apart from everybody's. Without debug information, objects are the same if their code is. */
export function configureFirmware({ folder, generation, client, compiler, flags }: FirmwareCopy): void {
  run('cmake', [
    '-GNinja',
    `-S${FIRMWARE}`,
    `-B${join(folder, generation)}`,
    `-DQL_SDK_GENERATION=${generation}`,
    '-DBUILD_TESTING=OFF',
    `-DQL_MQTTCLIENT_DIR=${client}`,
    '-DCMAKE_BUILD_TYPE=Release',
    '-DCMAKE_C_FLAGS_RELEASE=-O2',
    `-DCMAKE_C_FLAGS=${flags.join(' ')}`,
    ...(compiler === undefined ? [] : [`-DCMAKE_C_COMPILER=${compiler}`]),
  ]);
}

/** @throws Error — it does not compile */
export function buildFirmwareCopy(folder: string, generation: Generation): void {
  run('cmake', ['--build', join(folder, generation), '--parallel', '2']);
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: 'pipe' });
}
