import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { HarnessError } from '../../errors.ts';

/** Tools that it takes to lay a network, by Debian's package. */
const PACKAGES: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  tc: 'iproute2',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  mount: 'mount',
};

export interface Host {
  readonly isRoot: boolean;
  /** Folders of tools, as in `PATH`. */
  readonly path: string;
}

/** @throws HarnessError CONFIGURATION — this machine can't give a module a network of its own, and how it could */
export function checkForNetwork(): void {
  const missing = missingForNetwork({ isRoot: process.getuid?.() === 0, path: process.env['PATH'] ?? '' });
  if (missing === undefined) return;
  throw new HarnessError('CONFIGURATION', `network=own: ${missing}`, { subject: 'network=own' });
}

/** What a host lacks for a module with a network of its own and how to get it, in a sentence; undefined if nothing. */
export function missingForNetwork({ isRoot, path }: Host): string | undefined {
  if (!isRoot) return 'it takes root to lay a network: run it as root, e.g. with sudo';
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const absent = Object.entries(PACKAGES).filter(([tool]) => !folders.some((folder) => isTool(join(folder, tool))));
  if (absent.length === 0) return undefined;
  const packages = [...new Set(absent.map(([, name]) => name))];
  return `there is no ${absent.map(([tool]) => tool).join(', ')}: install ${packages.join(' and ')} (./setup.sh test does)`;
}

function isTool(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not to be run
  }
}
