import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where locks are: one place for all users of a machine, so that CI and people see each other. `QLHIL_LOCK_DIR` names another. */
export function lockFolder(env: NodeJS.ProcessEnv = process.env): string {
  const folder = env['QLHIL_LOCK_DIR'] ?? join(existsSync('/run/lock') ? '/run/lock' : tmpdir(), 'qlhil');
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o777); // whatever the umask
  }
  return folder;
}
