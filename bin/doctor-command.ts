import type { Argv, CommandModule } from 'yargs';

const builder = (parser: Argv) =>
  parser
    .option('usb', { string: true, requiresArg: true, describe: 'the USB path of the module, where there are several' })
    .option('json', { boolean: true, default: false, describe: 'print what was seen as JSON' })
    .option('root', {
      string: true,
      requiresArg: true,
      describe: "a virtual module's folder, to look at instead of this machine",
    })
    .example('$0 doctor', 'what is wrong with the only module that is plugged in, and how to mend it')
    .example('$0 doctor --usb 1-1.3', 'one of several');

type Arguments = ReturnType<typeof builder> extends Argv<infer T> ? T : never;

/** `qlhil doctor`: what stands between this bench and a run. */
export function doctorCommand(setExit: (code: number) => void): CommandModule<object, Arguments> {
  return {
    command: 'doctor',
    describe: 'say what is wrong with the bench, and how to mend it',
    builder,
    handler: async ({ usb, json, root }) => {
      const { doctor } = await import('./doctor.ts');
      setExit(await doctor({ usb, json, root }));
    },
  };
}
