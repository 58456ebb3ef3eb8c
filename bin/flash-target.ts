import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchHost } from '../harness/bench/discovery/bench-host.ts';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { parseModuleSpec, type VirtualSpec } from '../harness/bench/module-spec.ts';
import { readSkus } from '../harness/bench/sku.ts';
import { stateFolder } from '../harness/bench/state-folder.ts';
import { readVirtualCatalogue } from '../harness/bench/virtual-catalogue.ts';
import { VirtualModule } from '../harness/bench/virtual-module.ts';
import type { FlashHost } from '../harness/flash/target/flash-host.ts';
import { readBench } from './parse-modules.ts';
import { usageError } from './usage-error.ts';

/** Where a PAC goes: the machine that the module is attached to, and which of its modules. */
export interface FlashTarget extends AsyncDisposable {
  readonly host: FlashHost;
  /** USB path or TTY; undefined: the only module that is plugged in. */
  readonly port?: string;
  /** What is known of it by its name. */
  readonly moduleSku?: string | undefined;
  readonly journalFolder: string;
}

export interface FlashTargetRequest {
  readonly module: string | undefined;
  readonly bench: string | undefined;
  /** Folder of a virtual module that runs already. */
  readonly root: string | undefined;
  readonly why: string;
  /** Nothing will be written: a virtual module need not be started. */
  readonly isDry: boolean;
  readonly onNote: (note: string) => void;
}

const USB_PATH = /^\d+-\d+(?:\.\d+)*$/u;

/** @throws HarnessError CONFIGURATION, CHILD_FAILED */
export async function openFlashTarget(request: FlashTargetRequest): Promise<FlashTarget> {
  const { module, root, why } = request;
  const attached = {
    host: benchHost(why, root),
    journalFolder: root === undefined ? stateFolder('flash') : journalsOf(root),
    [Symbol.asyncDispose]: async () => undefined,
  };
  if (module === undefined) return attached;
  const expected = readBench(request.bench).find(({ name }) => name === module);
  if (expected?.usb !== undefined) return { ...attached, port: expected.usb, moduleSku: expected.sku };
  if (expected !== undefined) throw notOverUsb(`tcp:${expected.tcp}`);
  if (USB_PATH.test(module)) return { ...attached, port: module };
  const spec = parseModuleSpec(module, { ...readVirtualCatalogue(), skus: readSkus() });
  if (spec.kind === 'tty') return { ...attached, port: spec.path };
  if (spec.kind === 'tcp') throw notOverUsb(spec.text);
  return request.isDry ? { ...attached, moduleSku: spec.sku.sku } : await startVirtual(spec, request);
}

function notOverUsb(text: string): Error {
  return usageError(`a module is flashed over USB, not through ${text}: name its USB path`);
}

/** A virtual module that goes to its boot ROM when it is told to, for as long as the command runs. */
async function startVirtual(spec: VirtualSpec, { why, onNote }: FlashTargetRequest): Promise<FlashTarget> {
  if (spec.count > 1) throw usageError(`${spec.text}*${spec.count}: one module is flashed at a time`);
  const isKept = spec.folder !== undefined;
  const folder = isKept ? resolve(spec.folder) : await mkdtemp(join(tmpdir(), 'qlhil-flash-'));
  if (!isKept) onNote('this virtual module is gone when the command ends; ?folder=DIR keeps it for a run');
  const forget = async () => (isKept ? undefined : await rm(folder, { recursive: true }));
  try {
    const binary = await buildFirmware(spec.sdk, () => onNote('building the firmware of the virtual module'));
    const running = await VirtualModule.start({ spec, binary, folder, seed: 0, copy: 1, bootRom: bootRomCommand() });
    return {
      host: benchHost(why, folder),
      moduleSku: spec.sku.sku,
      journalFolder: journalsOf(folder),
      [Symbol.asyncDispose]: async () => {
        await running[Symbol.asyncDispose]();
        await forget();
      },
    };
  } catch (thrown) {
    await forget();
    throw thrown;
  }
}

/** The USB paths of a virtual module are not the machine's. */
function journalsOf(folder: string): string {
  return join(folder, 'flash');
}

/** For a shell: the simulated device, as a process behind the terminal of the download port. */
function bootRomCommand(): string {
  const program = fileURLToPath(new URL('../harness/flash/sim/boot-rom.js', import.meta.url));
  if (!existsSync(program)) throw usageError(`there is no ${program}: build the program first (npm run build)`);
  return `exec ${quoted(process.execPath)} ${quoted(program)}`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
