import type { Argv } from 'yargs';
import { command } from './command.ts';

export const LOCK_ACTIONS = ['hold', 'release', 'status'] as const;

const builder = (parser: Argv) =>
  parser
    .positional('action', { choices: LOCK_ACTIONS, demandOption: true })
    .option('module', {
      alias: 'm',
      string: true,
      requiresArg: true,
      demandOption: true,
      describe: 'any port of it (/dev/tty…, tcp:host:port), its USB path (1-1.3), or its name in bench.yaml',
    })
    .option('bench', { string: true, requiresArg: true, describe: 'the inventory; default: bench.yaml, if it is here' })
    .option('why', { string: true, requiresArg: true, default: 'held by hand', describe: 'what others are told' })
    .example('$0 lock hold --module /dev/ttyUSB5 --why "debugging TLS"', 'keep CI away until Ctrl-C')
    .example('$0 lock hold --module ec200u', 'one of bench.yaml')
    .example('$0 lock status --module 1-1.3', 'who has it: exit 0 nobody, 7 somebody');

/** `qlhil lock`: the lock that runs take, by hand. */
export const lockCommand = command(builder, async ({ action, module, bench, why }) => {
  const { lock } = await import('./lock.ts');
  return await lock({ action, module, bench, why });
});
