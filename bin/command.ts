import type { Argv } from 'yargs';

/** What a command has beside its line in the table of commands: its options, and what it does. */
export interface Command<A> {
  builder(parser: Argv): Argv<A>;
  /** @returns the exit code */
  handler(given: A): Promise<number>;
}

/** Types a command by its options. */
export function command<A>(builder: (parser: Argv) => Argv<A>, handler: (given: A) => Promise<number>): Command<A> {
  return { builder, handler };
}
