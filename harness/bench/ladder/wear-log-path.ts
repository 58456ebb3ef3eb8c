import { lockFolder } from '../lock/lock-folder.ts';
import { lockPath } from '../lock/module-lock.ts';

/** Beside the module's lock, by the same key: for all users of the machine. */
export function wearLogPath(key: string, folder: string = lockFolder()): string {
  return lockPath(key, folder).replace(/\.lock$/u, '.wear');
}
