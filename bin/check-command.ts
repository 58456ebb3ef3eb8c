import type { Argv } from 'yargs';
import { command } from './command.ts';

const builder = (parser: Argv) =>
  parser
    .positional('timelines', {
      array: true,
      string: true,
      demandOption: true,
      describe: 'recorded timelines (*.ndjson), or folders of runs',
    })
    .option('strict', { boolean: true, default: false, describe: 'deviations from inferred clauses fail, too' })
    .option('rules', {
      string: true,
      describe: 'only these rules and relations, e.g. CB-01,MM-02, and no expectations',
    })
    .option('since', { string: true, describe: 'only findings from event 4711 on, or from 90s or 1500ms on' })
    .option('json', { boolean: true, default: false, describe: 'print the verdicts as JSON' })
    .example('$0 check out/latest', 'judge the newest run again, without a module');

/** `qlhil check`: judges recorded timelines again, from the files alone. */
export const checkCommand = command(builder, async ({ timelines, strict, rules, since, json }) => {
  const { check } = await import('./check.ts');
  return await check({ timelines: timelines.map(String), strict, rules, since, json });
});
