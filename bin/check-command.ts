import type { Argv, CommandModule } from 'yargs';

const builder = (parser: Argv) =>
  parser
    .positional('timelines', {
      array: true,
      string: true,
      demandOption: true,
      describe: 'recorded timelines (*.ndjson)',
    })
    .option('strict', { boolean: true, default: false, describe: 'deviations from inferred clauses fail, too' })
    .option('json', { boolean: true, default: false, describe: 'print the verdicts as JSON' })
    .example('$0 check out/latest/timelines/*.ndjson', 'judge the newest run again, without a module');

type Arguments = ReturnType<typeof builder> extends Argv<infer T> ? T : never;

/** `qlhil check`: judges recorded timelines again, from the files alone. */
export function checkCommand(setExit: (code: number) => void): CommandModule<object, Arguments> {
  return {
    command: 'check <timelines..>',
    describe: 'judge recorded timelines again, without a module',
    builder,
    handler: async ({ timelines, strict, json }) => {
      const { check } = await import('./check.ts');
      setExit(await check({ timelines: timelines.map(String), strict, json }));
    },
  };
}
