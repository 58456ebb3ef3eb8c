import { HarnessError } from '../harness/errors.ts';

/** For words of the command line that make no sense: one line, and where to read on. */
export function usageError(message: string): HarnessError {
  const line = message.replaceAll(/\s*\n\s*/gu, ' ').trim();
  return new HarnessError('CONFIGURATION', `${lowerFirst(line)} (see qlhil --help)`, { subject: 'command line' });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
