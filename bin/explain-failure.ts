import { asError, type FailureCode, HarnessError } from '../harness/errors.ts';
import { EXIT, type ExitCode } from '../harness/run/exit-code.ts';

/** What the user can mend himself has a code of its own; what is not listed is a rig that failed. */
const EXIT_OF: Partial<Readonly<Record<FailureCode, ExitCode>>> = {
  CONFIGURATION: EXIT.usage,
  HARNESS_BUG: EXIT.harnessBug,
  MODULE_LOCKED: EXIT.locked,
};

export interface Explained {
  readonly code: ExitCode;
  readonly text: string;
}

/** One line for what was foreseen; the stack as well for what was not. */
export function explainFailure(thrown: unknown): Explained {
  if (thrown instanceof HarnessError) {
    const cause: FailureCode = thrown.code;
    const code = EXIT_OF[cause] ?? EXIT.rigFailed;
    return { code, text: code === EXIT.harnessBug ? withStack(thrown) : thrown.message };
  }
  const error = asError(thrown);
  // yargs' own: a value that is not among the choices, an option without its value.
  if (error.name === 'YError') return { code: EXIT.usage, text: `${error.message} (see qlhil --help)` };
  return { code: EXIT.harnessBug, text: withStack(error) };
}

function withStack(error: Error): string {
  return `this is a bug of the harness: ${error.stack ?? error.message}`;
}
