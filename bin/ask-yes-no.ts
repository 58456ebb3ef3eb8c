import { createInterface } from 'node:readline';
import { usageError } from './usage-error.ts';

/**
 * Asks on the terminal; only a plain yes is one.
 *
 * @param otherwise how to do without being asked
 * @throws HarnessError CONFIGURATION — there is no terminal to ask on
 */
export async function askYesNo(question: string, otherwise: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw usageError(`there is no terminal to ask on: ${otherwise}`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await new Promise<string>((resolve) => {
    terminal.question(`${question} [y/N] `, resolve);
    terminal.once('close', () => resolve('')); // the end of input is no yes
  });
  terminal.close();
  return /^y(?:es)?$/iu.test(answer.trim());
}
