import type { Argv } from 'yargs';
import { command } from './command.ts';

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

/** `qlhil doctor`: what stands between this bench and a run. */
export const doctorCommand = command(builder, async ({ usb, json, root }) => {
  const { doctor } = await import('./doctor.ts');
  return await doctor({ usb, json, root });
});
