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

const recordSchema = v.record(v.string(), v.record(v.string(), v.array(segmentSchema)));

/** Which code of the client scenarios come to. A mutant elsewhere can't show in them. */
export class Reach {
  readonly #segments: ReadonlyMap<string, readonly Segment[]>;

  constructor(segments: ReadonlyMap<string, readonly Segment[]>) {
    this.#segments = segments;
  }

  get segments(): ReadonlyMap<string, readonly Segment[]> {
    return this.#segments;
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

/** What the scenarios of each file come to, by the file's name. */
export class SuiteReach {
  readonly #byFile: ReadonlyMap<string, Reach>;

  /** @throws Error — the file is none of `write` */
  static read(path: string): SuiteReach {
    const record = v.parse(recordSchema, JSON.parse(readFileSync(path, 'utf8')));
    const reaches = Object.entries(record).map(([name, segments]): [string, Reach] => [
      name,
      new Reach(new Map(Object.entries(segments))),
    ]);
    return new SuiteReach(new Map(reaches));
  }

  constructor(byFile: ReadonlyMap<string, Reach>) {
    this.#byFile = byFile;
  }

  write(path: string): void {
    const record = [...this.#byFile].map(([name, { segments }]) => [name, Object.fromEntries(segments)]);
    writeFileSync(path, JSON.stringify(Object.fromEntries(record)));
  }

  /** Names of the scenario files in which the mutant may show. */
  filesThatReach(mutant: Parameters<Reach['mayReach']>[0]): readonly string[] {
    return [...this.#byFile].filter(([, reach]) => reach.mayReach(mutant)).map(([name]) => name);
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

  /** Forgets what has been reached. */
  reset(): void {
    rmSync(this.#counts, { recursive: true });
    mkdirSync(this.#counts);
  }

  /** What has been reached since the build was made, or since `reset`. */
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
