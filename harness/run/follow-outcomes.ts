import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { decodeOutcome } from './decode-outcome.ts';
import type { ScenarioOutcome } from './outcome.ts';

const CHUNK_BYTES = 65_536;

/** Reads the outcome files of a run as they grow. A last line without its end is left for later. */
export class OutcomeFollower {
  readonly #folder: string;
  readonly #seen = new Map<string, { offset: number; rest: Buffer }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What was written since the last call. */
  read(): readonly ScenarioOutcome[] {
    const names = readdirSync(this.#folder).filter((name) => /^outcomes\.\d+\.ndjson$/u.test(name));
    return names.toSorted().flatMap((name) => this.#readFile(name));
  }

  #readFile(name: string): ScenarioOutcome[] {
    const seen = this.#seen.get(name) ?? { offset: 0, rest: Buffer.alloc(0) };
    const fresh = readFrom(join(this.#folder, name), seen.offset);
    const bytes = Buffer.concat([seen.rest, fresh]);
    const end = bytes.lastIndexOf(0x0a) + 1;
    this.#seen.set(name, { offset: seen.offset + fresh.length, rest: bytes.subarray(end) });
    const lines = bytes.subarray(0, end).toString().split('\n').slice(0, -1);
    return lines.map((line) => decodeOutcome(line, name));
  }
}

function readFrom(path: string, offset: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const parts: Buffer[] = [];
    for (let at = offset; ; ) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const read = readSync(file, chunk, 0, CHUNK_BYTES, at);
      if (read === 0) return Buffer.concat(parts);
      parts.push(chunk.subarray(0, read));
      at += read;
    }
  } finally {
    closeSync(file);
  }
}
