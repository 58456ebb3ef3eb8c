import type { Argv, CommandModule } from 'yargs';

export const LISTS = ['scenarios', 'clauses', 'rules', 'defects', 'skus'] as const;
export type ListName = (typeof LISTS)[number];

const builder = (parser: Argv) =>
  parser
    .positional('what', { choices: LISTS, describe: 'one of them; default: all' })
    .option('json', { boolean: true, default: false, describe: 'print it as JSON' })
    .example('$0 list defects', 'what the virtual module can be told to get wrong')
    .example('$0 list --json', 'everything, for programs');

type Arguments = ReturnType<typeof builder> extends Argv<infer T> ? T : never;

/** `qlhil list`: what is there to run, to judge by, and to run on. */
export function listCommand(setExit: (code: number) => void): CommandModule<object, Arguments> {
  return {
    command: 'list [what]',
    describe: 'list scenarios, clauses, rules, defects and SKUs',
    builder,
    handler: async ({ what, json }) => {
      const { list } = await import('./list.ts');
      setExit(await list({ what, json }));
    },
  };
}
