import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTree } from './clang-tree.ts';
import { findMutations, type Mutation } from './find-mutations.ts';

/** Where the client that mutants are made of lies. */
export const CLIENT_FOLDER = join(import.meta.dirname, '..', '..', 'firmware', 'quecopen-posix', 'ql_mqttclient');

export const GENERATIONS = ['manual', 'r03'] as const;
export type Generation = (typeof GENERATIONS)[number];

/** A mutation of one file of the client. */
export interface Mutant extends Mutation {
  /** File, line, kind and a digest of the change: the same as long as the source is. */
  readonly id: string;
  /** File and kind: mutants are drawn evenly over these. */
  readonly heap: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The lines that change, before and after. */
  readonly before: string;
  readonly after: string;
}

// What chooses among personalities and defects is no part of any module's client.
const NOT_MUTATED = new Set(['defects.c', 'options.c']);
const FLAGS = ['-std=c99', '-I../include', '-I.'];

/** Every mutant that the client offers, of either generation. */
export function findMutants(): readonly Mutant[] {
  const found = sourceNames().flatMap((file) => GENERATIONS.flatMap((generation) => mutantsOf(file, generation)));
  return [...new Map(found.map((mutant) => [mutant.id, mutant])).values()];
}

function mutantsOf(file: string, generation: Generation): readonly Mutant[] {
  const source = readFileSync(join(CLIENT_FOLDER, file));
  const flags = [...FLAGS, `-DQL_SDK_GENERATION=${GENERATIONS.indexOf(generation) + 1}`];
  const tree = readTree({ folder: CLIENT_FOLDER, file, flags, source });
  return findMutations(tree, source).map((mutation) => describe(file, source, mutation));
}

/** Changes with any file of the client that is compiled, so that results can say what they are of. */
export function digestOfClient(): string {
  return digestOfFiles(CLIENT_FOLDER, /\.(?:c|h|def)$/u);
}

/** Of the files in a folder whose names match, whatever is below it. */
export function digestOfFiles(folder: string, pattern: RegExp): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).toSorted()) {
    if (pattern.test(name)) hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex').slice(0, DIGEST_LENGTH);
}

const DIGEST_LENGTH = 12;

function sourceNames(): readonly string[] {
  const names = readdirSync(CLIENT_FOLDER).toSorted();
  return names.filter((name) => name.endsWith('.c') && !NOT_MUTATED.has(name));
}

/** The whole file with the mutation in it. */
export function mutate(source: Buffer, { span, now }: Mutation): Buffer {
  return Buffer.concat([source.subarray(0, span.start), Buffer.from(now), source.subarray(span.end)]);
}

function describe(file: string, source: Buffer, mutation: Mutation): Mutant {
  const { kind, span, now } = mutation;
  const line = source.subarray(0, span.start).filter((byte) => byte === '\n'.charCodeAt(0)).length + 1;
  const from = source.lastIndexOf('\n', span.start) + 1;
  const to = source.indexOf('\n', span.end);
  const mutated = mutate(source, mutation);
  const digest = createHash('sha256').update(`${span.start} ${span.end} ${now}`).digest('hex').slice(0, ID_LENGTH);
  return {
    ...mutation,
    id: `${file}:${line}:${kind}:${digest}`,
    heap: `${file} ${kind}`,
    file,
    line,
    column: span.start - source.lastIndexOf('\n', span.start - 1),
    before: squeezed(source.subarray(from, to)),
    after: squeezed(mutated.subarray(from, to + mutated.length - source.length)),
  };
}

const ID_LENGTH = 6;

function squeezed(lines: Buffer): string {
  return lines.toString('latin1').replaceAll(/\s+/gu, ' ').trim();
}
