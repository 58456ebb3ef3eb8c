import type { Argv } from 'yargs';
import { command } from './command.ts';

const builder = (parser: Argv) =>
  parser
    .positional('run', { type: 'string', demandOption: true, describe: 'a run: its folder, or its run.json' })
    .option('out', {
      alias: 'o',
      string: true,
      requiresArg: true,
      describe: "a folder for the reports; default: the run's own, where they are replaced",
    })
    .option('baseline', {
      string: true,
      requiresArg: true,
      describe: 'what it is held against: a folder of baselines, or one of them; default: baselines, if it is here',
    })
    .example('$0 report out/latest', 'after an update of qlhil, or when only run.json and timelines were kept');

/** `qlhil report`: renders a run again. */
export const reportCommand = command(builder, async ({ run, out, baseline }) => {
  const { report } = await import('./report.ts');
  return report({ run, out, baseline });
});
