import type { Argv } from 'yargs';
import { command } from './command.ts';

const builder = (parser: Argv) =>
  parser
    .option('defect', {
      alias: 'd',
      array: true,
      string: true,
      requiresArg: true,
      describe: 'only this defect (`qlhil list defects`); repeatable',
    })
    .option('grep', {
      alias: 'g',
      string: true,
      requiresArg: true,
      describe: 'only defects whose name, family, clause or gloss matches this pattern',
    })
    .option('module', {
      alias: 'm',
      string: true,
      requiresArg: true,
      default: 'virtual',
      describe: 'what is given the defects: virtual, virtual:<SKU>[?personality=…&sdk=…]',
    })
    .option('lanes', { string: true, requiresArg: true, describe: 'how many at a time; default: one a core' })
    .option('area', {
      boolean: true,
      default: false,
      describe: "only the scenarios of a defect's area, not all others if those miss it",
    })
    .option('seed', { string: true, requiresArg: true, default: '1', describe: 'of everything random' })
    .option('out', {
      alias: 'o',
      string: true,
      requiresArg: true,
      describe: 'a fresh folder for outcomes and timelines; default: they are not kept',
    })
    .option('json', {
      boolean: true,
      default: false,
      describe: 'print the result, and nothing else, on standard output',
    })
    .example('$0 mutate', 'every defect: how much of what can go wrong is seen')
    .example('$0 mutate --grep tls', 'those that have to do with TLS')
    .example('$0 mutate --defect sni-missing --out /tmp/sni', 'one, with its timelines');

/** `qlhil mutate`: how many of the defects that a virtual module can have are noticed. */
export const mutateCommand = command(builder, async (given) => {
  const { mutate } = await import('./mutate.ts');
  return await mutate(given);
});

export type MutateArguments = ReturnType<typeof builder> extends Argv<infer T> ? T : never;
