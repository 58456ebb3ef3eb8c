import type { Argv } from 'yargs';
import { command } from './command.ts';

export const LISTS = ['scenarios', 'clauses', 'rules', 'defects', 'skus'] as const;
/** Only when asked for: it is what the baselines here say, not what the harness has. */
export const OBSERVATIONS = 'observations';
export type ListName = (typeof LISTS)[number];

const builder = (parser: Argv) =>
  parser
    .positional('what', {
      choices: [...LISTS, OBSERVATIONS] as const,
      describe: 'one of them; default: all but observations',
    })
    .option('json', { boolean: true, default: false, describe: 'print it as JSON' })
    .example('$0 list defects', 'what the virtual module can be told to get wrong')
    .example('$0 list observations', 'what the SKUs do where nobody specifies it, as the baselines have it')
    .example('$0 list --json', 'everything, for programs');

/** `qlhil list`: what is there to run, to judge by, and to run on. */
export const listCommand = command(builder, async ({ what, json }) => {
  const { list } = await import('./list.ts');
  return await list({ what, json });
});
