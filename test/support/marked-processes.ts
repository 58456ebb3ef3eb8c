import { readdirSync, readFileSync } from 'node:fs';

export interface MarkedProcess {
  readonly pid: number;
  readonly parent: number;
  /** Its words, joined by spaces. */
  readonly command: string;
}

/** The environment variable that a test marks its processes with: all that they start inherit it. */
export const MARK_VARIABLE = 'QLHIL_TEST_MARK';

/** Processes that inherited the mark; zombies have no environment any more. */
export function markedProcesses(mark: string): readonly MarkedProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name) && read(`/proc/${name}/environ`).includes(`${MARK_VARIABLE}=${mark}\0`))
    .map((name) => ({
      pid: Number(name),
      parent: Number(/^PPid:\s*(\d+)/mu.exec(read(`/proc/${name}/status`))?.[1] ?? '0'),
      command: read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim(),
    }));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended in the meantime
  }
}
