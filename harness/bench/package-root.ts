import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The package's folder, with `package.json`, `firmware/` and `fixtures/`: the same from sources and from `dist`. */
export const packageRoot: string = rootAbove(import.meta.dirname);

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? folder : rootAbove(parent);
}
