import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { asError, HarnessError } from '../../harness/errors.ts';
import { buildFirmwareCopy, configureFirmware } from './firmware-copy.ts';
import { CLIENT_FOLDER, type Generation, type Mutant } from './mutant.ts';

/** Line, column, how often it ran, and whether that was counted: from there to the next. */
const segmentSchema = v.looseTuple([v.number(), v.number(), v.number(), v.boolean()]);
export type Segment = v.InferOutput<typeof segmentSchema>;

const exportSchema = v.object({
  data: v.tuple([v.object({ files: v.array(v.object({ filename: v.string(), segments: v.array(segmentSchema) })) })]),
});

const LARGEST_EXPORT_BYTES = 256 * 1024 * 1024;

/** Which code of the client a run of the suite comes to. A mutant elsewhere need not be asked about: it can't show. */
export class Reach {
  readonly #segments: ReadonlyMap<string, readonly Segment[]>;

  /** @throws Error — the file is none of `write` */
  static read(path: string): Reach {
    const files = v.parse(v.record(v.string(), v.array(segmentSchema)), JSON.parse(readFileSync(path, 'utf8')));
    return new Reach(new Map(Object.entries(files)));
  }

  constructor(segments: ReadonlyMap<string, readonly Segment[]>) {
    this.#segments = segments;
  }

  write(path: string): void {
    writeFileSync(path, JSON.stringify(Object.fromEntries(this.#segments)));
  }

  /** True, too, of what is not counted: tables outside of functions, and labels, which decide before they are reached. */
  mayReach({ file, line, column, before }: Pick<Mutant, 'file' | 'line' | 'column' | 'before'>): boolean {
    if (/\b(?:case|default)\b/u.test(before)) return true;
    const last = this.#segments.get(file)?.findLast(([at, from]) => at < line || (at === line && from <= column));
    if (last === undefined) return true;
    const [, , count, isCounted] = last;
    return !isCounted || count > 0;
  }
}

/** A build that counts, in files that outlive a module that is killed. */
export class CountingBuild {
  /** Holds `<generation>/qlhil-vmodule`. */
  readonly folder: string;
  readonly #generation: Generation;
  readonly #counts: string;

  constructor(folder: string, generation: Generation) {
    this.folder = folder;
    this.#generation = generation;
    this.#counts = join(folder, `counts-${generation}`);
    // From nothing: counts of objects that are older than they seem would be of other lines.
    for (const stale of [this.#counts, join(folder, generation)]) rmSync(stale, { recursive: true, force: true });
    mkdirSync(this.#counts, { recursive: true });
    const counted = [`-fprofile-instr-generate=${this.#counts}/%p%c.profraw`, '-fcoverage-mapping'];
    const flags = ['-w', ...counted, '-mllvm', '-runtime-counter-relocation'];
    configureFirmware({ folder, generation, client: CLIENT_FOLDER, compiler: 'clang', flags });
    buildFirmwareCopy(folder, generation);
  }

  /** What has been reached since the build was made. */
  read(): Reach {
    const raw = readdirSync(this.#counts).filter((name) => name.endsWith('.profraw'));
    const merged = join(this.#counts, 'merged.profdata');
    const inputs = raw.map((name) => join(this.#counts, name));
    runLlvm('llvm-profdata', ['merge', '-o', merged, ...inputs]);
    const binary = join(this.folder, this.#generation, 'qlhil-vmodule');
    const args = ['export', '-format=text', binary, `-instr-profile=${merged}`];
    const text = runLlvm('llvm-cov', args);
    const [{ files }] = v.parse(exportSchema, JSON.parse(text)).data;
    const ours = files.filter(({ filename }) => filename.startsWith(CLIENT_FOLDER));
    return new Reach(new Map(ours.map(({ filename, segments }) => [basename(filename), segments])));
  }
}

function runLlvm(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', maxBuffer: LARGEST_EXPORT_BYTES, stdio: 'pipe' });
  } catch (thrown) {
    const message = `${command} fails (Debian and Ubuntu have it in the package llvm): ${asError(thrown).message}`;
    throw new HarnessError('CHILD_FAILED', message, { command, exitCode: null }, { cause: thrown });
  }
}
