import { spawn } from 'node:child_process';
import { asError, HarnessError } from '../../errors.ts';

const KEPT_OUTPUT = 4_096;

/**
 * Runs a command of the bench to its end, without a shell.
 *
 * @returns what it printed, of more than 4 KiB the end
 * @throws HarnessError CHILD_FAILED — it is not there, failed, or took longer than its budget and was killed; the message ends with what
 * it printed
 */
export async function runTool(words: readonly string[], budgetMs: number): Promise<string> {
  const [command = '', ...rest] = words;
  // A group of its own, so that what it started ends with it.
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-KEPT_OUTPUT));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const fail = (why: string, exitCode: number | null) => {
    const said = output.trim();
    const message = `${words.join(' ')}: ${why}${said === '' ? '' : `, saying: ${said}`}`;
    return new HarnessError('CHILD_FAILED', message, { command, exitCode });
  };
  return await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      killGroup(child.pid);
      reject(fail(`it did not end within ${budgetMs} ms`, null));
    }, budgetMs);
    child.once('error', (error) => reject(fail(asError(error).message, null)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(fail(`it ended with ${signal ?? `exit ${code}`}`, code));
    });
    child.once('close', () => clearTimeout(timer));
    child.once('error', () => clearTimeout(timer));
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}
