import type { Argv } from 'yargs';
import { command } from './command.ts';

const builder = (parser: Argv) =>
  parser
    .positional('old', { type: 'string', demandOption: true, describe: 'a run: its folder, or its run.json' })
    .positional('new', {
      type: 'string',
      describe: 'the run that is held against it; left out: the first is held against the baseline of its SKU',
    })
    .option('baseline', {
      string: true,
      requiresArg: true,
      describe: 'a folder of baselines, or one of them; default: baselines, if it is here',
    })
    .option('strict', { boolean: true, default: false, describe: 'exit 1 at a new deviation, too' })
    .option('fail-on-change', { boolean: true, default: false, describe: 'exit 1 at a changed observation, too' })
    .option('json', { boolean: true, default: false, describe: 'print the comparison as JSON' })
    .option('markdown', { boolean: true, default: false, describe: 'print it as Markdown, for a pull request' })
    .option('html', { string: true, requiresArg: true, describe: 'write it to this file, as a page' })
    .example('$0 compare out/before out/latest', 'what the newest run says that an older one did not')
    .example('$0 compare out/latest', 'what it says that the baseline does not')
    .example('$0 compare main/hil out/hil --markdown >> "$GITHUB_STEP_SUMMARY"', 'for a pull request');

/** `qlhil compare`: what is different between two runs, revisions or SKUs. */
export const compareCommand = command(builder, async (given) => {
  const { compare } = await import('./compare.ts');
  return compare(given);
});

export type CompareArguments = ReturnType<typeof builder> extends Argv<infer T> ? T : never;
