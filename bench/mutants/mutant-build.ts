import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildFirmwareCopy, configureFirmware } from './firmware-copy.ts';
import { CLIENT_FOLDER, GENERATIONS, type Generation, type Mutant, mutate } from './mutant.ts';

/** Warnings do not count, as with a vendor's code; what newer compilers refuse does not compile here either. */
const C_FLAGS = ['-w', '-Werror=incompatible-pointer-types', '-Werror=int-conversion', '-Werror=return-type'];

/** What became of a mutant's source. */
export type Made =
  | { readonly is: 'made'; readonly differs: readonly Generation[] }
  | { readonly is: 'uncompiled' }
  /** The compiler makes the same of it as of the source: nobody could tell them apart. */
  | { readonly is: 'same' };

/** A build of the virtual module whose client is a copy that one mutant at a time is planted in. */
export class MutantBuild {
  /** Holds `<generation>/qlhil-vmodule`. */
  readonly folder: string;
  readonly #client: string;
  readonly #originals = new Map<string, Buffer>();
  #planted: string | undefined;

  /** @throws Error — the source as it is does not build */
  constructor(folder: string) {
    this.folder = folder;
    this.#client = join(folder, 'ql_mqttclient');
    rmSync(this.#client, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    cpSync(CLIENT_FOLDER, this.#client, { recursive: true });
    for (const generation of GENERATIONS) {
      configureFirmware({ folder, generation, client: this.#client, flags: C_FLAGS });
      buildFirmwareCopy(folder, generation);
    }
  }

  /** In place of the one before. */
  plant(mutant: Mutant): Made {
    for (const generation of GENERATIONS) this.#remember(generation, mutant.file);
    if (this.#planted !== undefined) this.#write(this.#planted, this.#source(this.#planted));
    this.#write(mutant.file, mutate(this.#source(mutant.file), mutant));
    this.#planted = mutant.file;
    try {
      for (const generation of GENERATIONS) buildFirmwareCopy(this.folder, generation);
    } catch {
      return { is: 'uncompiled' };
    }
    const differs = GENERATIONS.filter((generation) => !this.#isSame(generation, mutant.file));
    return differs.length === 0 ? { is: 'same' } : { is: 'made', differs };
  }

  #write(file: string, source: Buffer): void {
    writeFileSync(join(this.#client, file), source);
  }

  #source(file: string): Buffer {
    return readFileSync(join(CLIENT_FOLDER, file));
  }

  #remember(generation: Generation, file: string): void {
    const path = this.#objectPath(generation, file);
    if (!this.#originals.has(path)) this.#originals.set(path, readFileSync(path));
  }

  #isSame(generation: Generation, file: string): boolean {
    const path = this.#objectPath(generation, file);
    return this.#originals.get(path)?.equals(readFileSync(path)) === true;
  }

  #objectPath(generation: Generation, file: string): string {
    return join(this.folder, generation, 'ql_mqttclient', 'CMakeFiles', 'ql_mqttclient.dir', `${file}.o`);
  }
}
