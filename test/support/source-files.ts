import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from './imports.ts';

const FOLDERS = ['bench', 'bin', 'broker', 'harness', 'scenarios', 'test'];

/** All TypeScript of ours, tests included, with paths from the root of the repository. */
export function sourceFiles(root: string): readonly SourceFile[] {
  return FOLDERS.flatMap((folder) => namesIn(join(root, folder)).map((name) => `${folder}/${name}`))
    .filter((path) => /\.tsx?$/u.test(path))
    .map((path) => ({ path, source: readFileSync(join(root, path), 'utf8') }));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return []; // not every folder is there at all times
  }
}
