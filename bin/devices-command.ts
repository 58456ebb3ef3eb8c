import type { Argv, CommandModule } from 'yargs';

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

type Arguments = ReturnType<typeof builder> extends Argv<infer T> ? T : never;

/** `qlhil devices`: the modules that are plugged in. */
export function devicesCommand(setExit: (code: number) => void): CommandModule<object, Arguments> {
  return {
    command: 'devices',
    describe: 'show the modules that are plugged in, and which SKU each is',
    builder,
    handler: async ({ json, watch, root }) => {
      const { devices } = await import('./devices.ts');
      setExit(await devices({ json, watch, root }));
    },
  };
}
