import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { packageRoot } from '../bench/package-root.ts';
import { HarnessError } from '../errors.ts';

const SCENARIO_FILE = /\.scenario\.(?:ts|js|mjs)$/u;

/**
 * The scenario files to run: those that the package ships, or what is named: files and folders.
 *
 * @throws HarnessError CONFIGURATION — a name is no file, or a folder without scenarios
 */
export function findScenarioFiles(named: readonly string[]): readonly string[] {
  const folder = join(packageRoot, 'dist', 'scenarios');
  const files = named.length === 0 ? filesIn(folder) : named.flatMap(filesOf);
  return [...new Set(files.map(compiledFile))];
}

function filesOf(name: string): string[] {
  const path = resolve(name);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw refusal(name, 'there is no such file');
  if (found.isDirectory()) {
    const files = filesIn(path);
    if (files.length === 0) throw refusal(name, 'there is no *.scenario.ts or *.scenario.js in it');
    return files;
  }
  if (!SCENARIO_FILE.test(path)) throw refusal(name, 'a file of scenarios ends in .scenario.ts or .scenario.js');
  return [path];
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return entries
    .filter((name) => SCENARIO_FILE.test(name) && !name.split('/').includes('node_modules'))
    .toSorted()
    .map((name) => join(folder, name));
}

/** Our own sources run as compiled: from their TypeScript they would register with another copy of the harness. */
function compiledFile(path: string): string {
  const inside = relative(packageRoot, path);
  if (!inside.startsWith('scenarios') || !path.endsWith('.ts')) return path;
  const compiled = join(packageRoot, 'dist', inside.replace(/\.ts$/u, '.js'));
  return existsSync(compiled) ? compiled : path;
}

function refusal(subject: string, why: string): HarnessError {
  return new HarnessError('CONFIGURATION', `${subject}: ${why}`, { subject });
}
