import type { Argv } from 'yargs';
import { BASELINES } from '../harness/run/read-baselines.ts';
import { command } from './command.ts';

export const BASELINE_ACTIONS = ['accept'] as const;

const builder = (parser: Argv) =>
  parser
    .positional('action', { choices: BASELINE_ACTIONS, demandOption: true })
    .positional('run', { type: 'string', demandOption: true, describe: 'a run: its folder, or its run.json' })
    .option('baseline', {
      string: true,
      requiresArg: true,
      default: BASELINES,
      describe: 'the folder of your baselines: one file a SKU is written there',
    })
    .option('reason', {
      string: true,
      requiresArg: true,
      default: 'accepted with the baseline',
      describe: 'why the failures of this run are lived with',
    })
    .option('yes', { alias: 'y', boolean: true, default: false, describe: 'write it without asking' })
    .example('$0 baseline accept out/latest', 'hold the next runs against the newest one')
    .example('$0 baseline accept out/ci --yes --reason "ticket 4711"', 'without a terminal');

/** `qlhil baseline`: what later runs are held against. */
export const baselineCommand = command(builder, async (given) => {
  const { baseline } = await import('./baseline.ts');
  return await baseline(given);
});

export type BaselineArguments = ReturnType<typeof builder> extends Argv<infer T> ? T : never;
