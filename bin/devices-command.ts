import type { Argv } from 'yargs';
import { command } from './command.ts';

const builder = (parser: Argv) =>
  parser
    .option('json', { boolean: true, default: false, describe: 'print it as JSON; with --watch, one line a change' })
    .option('watch', { boolean: true, default: false, describe: 'stay, and tell what is plugged in and what goes' })
    .option('root', {
      string: true,
      requiresArg: true,
      describe: "a virtual module's folder, to look at instead of this machine",
    })
    .example('$0 devices', 'what is plugged in, and an entry for bench.yaml for each');

/** `qlhil devices`: the modules that are plugged in. */
export const devicesCommand = command(builder, async ({ json, watch, root }) => {
  const { devices } = await import('./devices.ts');
  return await devices({ json, watch, root });
});
