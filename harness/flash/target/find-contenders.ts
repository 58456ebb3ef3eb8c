import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Programs that open every new modem port. They run as root, so that no lock on the port stops them. */
const PROBERS = new Set(['ModemManager']);
const RULE_FOLDERS = ['etc/udev/rules.d', 'run/udev/rules.d', 'usr/lib/udev/rules.d', 'lib/udev/rules.d'];

/**
 * Running programs that would open a download port, unless a udev rule tells them to leave 0525:a4a7 alone.
 * @param root of the file system; another one for tests
 * @param productId of other ports than those of the boot ROM
 */
export async function findContenders(root = '/', productId = 'a4a7'): Promise<readonly string[]> {
  const running = await runningProbers(join(root, 'proc'));
  if (running.length === 0 || (await isRuleInstalled(root, productId))) return [];
  return running;
}

async function runningProbers(proc: string): Promise<readonly string[]> {
  const pids = (await list(proc)).filter((name) => /^\d+$/u.test(name));
  const names = await Promise.all(pids.map(async (pid) => (await text(join(proc, pid, 'comm'))).trim()));
  return [...new Set(names.filter((name) => PROBERS.has(name)))];
}

async function isRuleInstalled(root: string, productId: string): Promise<boolean> {
  for (const folder of RULE_FOLDERS) {
    for (const name of await list(join(root, folder))) {
      const lines = (await text(join(root, folder, name))).split('\n');
      if (
        lines.some(
          (line) =>
            !line.trimStart().startsWith('#') && line.includes(productId) && line.includes('ID_MM_DEVICE_IGNORE'),
        )
      )
        return true;
    }
  }
  return false;
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    // No such folder, no such rule.
    return [];
  }
}

async function text(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // A process that ended while we looked opens nothing any more.
    return '';
  }
}
