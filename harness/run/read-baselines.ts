import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../bench/package-root.ts';
import { readYaml } from '../bench/read-yaml.ts';
import { HarnessError } from '../errors.ts';
import { baselineSchema, type NamedBaseline } from './baseline.ts';

/** Where baselines are looked for and written unless a folder is named. */
export const BASELINES = 'baselines';

/**
 * The user's baselines: those of a folder, one file a SKU, or the one of a file.
 *
 * @param named undefined for the folder `baselines` here, if there is one
 * @throws HarnessError CONFIGURATION — what was named is not there, or a file is no baseline; the message names file and line
 */
export function readBaselines(named: string | undefined): readonly NamedBaseline[] {
  const path = named ?? BASELINES;
  if (!existsSync(path)) {
    if (named === undefined) return [];
    const message = `${path}: there is no such baseline; qlhil baseline accept <run> --baseline ${path} makes one`;
    throw new HarnessError('CONFIGURATION', message, { subject: path });
  }
  return statSync(path).isDirectory() ? readFolder(path) : [readOne(path)];
}

const SHIPPED = join(packageRoot, 'fixtures', BASELINES);

/** Those of the virtual modules, which the package ships. */
export function readShippedBaselines(): readonly NamedBaseline[] {
  return readFolder(SHIPPED);
}

/** The shipped one of a SKU alone, in a quarter of the time. Undefined if there is none. */
export function findShippedBaseline(sku: string): NamedBaseline | undefined {
  const path = join(SHIPPED, `${sku}.yaml`);
  return existsSync(path) ? readOne(path) : undefined;
}

function readFolder(folder: string): readonly NamedBaseline[] {
  const names = readdirSync(folder).filter((name) => /\.(?:ya?ml|json)$/u.test(name));
  const all = names.toSorted().map((name) => readOne(join(folder, name)));
  for (const [index, { path, baseline }] of all.entries()) {
    const twin = all.slice(0, index).find((other) => other.baseline.sku === baseline.sku);
    if (twin === undefined) continue;
    const message = `${path} and ${twin.path} are both baselines of ${baseline.sku}: keep one`;
    throw new HarnessError('CONFIGURATION', message, { subject: path });
  }
  return all;
}

function readOne(path: string): NamedBaseline {
  return { path, baseline: readYaml(path, baselineSchema) };
}
