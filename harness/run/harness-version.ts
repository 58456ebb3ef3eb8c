import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { packageRoot } from '../bench/package-root.ts';

const manifest = v.object({ version: v.string() });

/** This package's version, and the commit when it runs from a clone. */
export function harnessVersion(): { readonly version: string; readonly commit: string | null } {
  const { version } = v.parse(manifest, JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')));
  return { version, commit: findCommit() };
}

function findCommit(): string | null {
  if (!existsSync(join(packageRoot, '.git'))) return null;
  try {
    const stdout = execFileSync('git', ['rev-parse', '--verify', 'HEAD'], {
      cwd: packageRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    });
    return stdout.trim();
  } catch {
    return null; // no git here, or no commit yet
  }
}
