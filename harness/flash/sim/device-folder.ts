import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NV_IMAGE_BYTES } from '../image/nv-image.ts';
import { bootOutcome, writeBootloader } from './boot-outcome.ts';
import type { DeviceStorage } from './device-context.ts';
import { FlashMemory, type FlashTiming } from './flash-memory.ts';

const FLASH_FILE = 'flash.bin';
const NV_FILE = 'nv.bin';
const FILES_FOLDER = 'prepack';
/** The virtual module's supervisor reads it before the next boot. */
const REVISION_FILE = 'revision';

/** What a simulated module keeps from one download to the next, in the folder `state` of a virtual module. */
export class DeviceFolder {
  readonly #state: string;

  constructor(folder: string) {
    this.#state = join(folder, 'state');
    mkdirSync(this.#state, { recursive: true, mode: 0o700 });
  }

  load(timing: FlashTiming): DeviceStorage {
    const memory = new FlashMemory(timing);
    const saved = this.#read(FLASH_FILE);
    if (saved === undefined) writeBootloader(memory);
    else saved.copy(memory.bytes);
    return {
      memory,
      files: new Map(),
      nv: this.#read(NV_FILE) ?? Buffer.alloc(NV_IMAGE_BYTES, 0xff),
      phaseCheck: undefined,
    };
  }

  /** Saves everything, and the revision that the new application makes the module report. */
  save({ memory, files, nv }: DeviceStorage): void {
    this.#write(FLASH_FILE, memory.bytes);
    this.#write(NV_FILE, nv);
    for (const [name, bytes] of files) this.#write(join(FILES_FOLDER, name), bytes);
    const { revision } = bootOutcome(memory);
    if (revision !== undefined) this.#write(REVISION_FILE, Buffer.from(`${revision}\n`));
  }

  #read(name: string): Buffer | undefined {
    const path = join(this.#state, name);
    return existsSync(path) ? readFileSync(path) : undefined;
  }

  #write(name: string, bytes: Buffer): void {
    const path = join(this.#state, name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, bytes, { mode: 0o600 });
  }
}
