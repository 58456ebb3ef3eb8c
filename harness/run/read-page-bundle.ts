import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../bench/package-root.ts';
import { HarnessError } from '../errors.ts';
import type { PageBundle } from '../report/evidence.ts';

/** Where `npm run build` leaves the front end. */
const FOLDER = join(packageRoot, 'dist', 'harness', 'report', 'page');

/** The front end of report.html. @throws HarnessError HARNESS_BUG — it was not built */
export function readPageBundle(folder = FOLDER): PageBundle {
  const script = read(folder, 'page.js');
  const style = read(folder, 'page.css');
  return { script, style, scriptHash: hashOf(script), styleHash: hashOf(style) };
}

function read(folder: string, name: string): string {
  const path = join(folder, name);
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    const message = `${path} is missing: the report's page was not built (npm run build)`;
    throw new HarnessError('HARNESS_BUG', message, { where: 'report' }, { cause: thrown });
  }
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
