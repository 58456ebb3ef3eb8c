import type { Argv } from 'yargs';
import { command } from './command.ts';

const builder = (parser: Argv) =>
  parser
    .option('module', {
      alias: 'm',
      string: true,
      requiresArg: true,
      describe:
        'which, where several are plugged in: a USB path (1-1.3), /dev/tty…, a name of bench.yaml, virtual[:<SKU>]',
    })
    .option('bench', {
      string: true,
      requiresArg: true,
      describe: 'the inventory; default: bench.yaml, if it is here',
    })
    .option('broker-host', {
      string: true,
      requiresArg: true,
      describe: 'the address at which the module finds this machine; default: that of bench.yaml',
    })
    .option('listen', {
      string: true,
      requiresArg: true,
      describe: 'where the broker listens here: an address, or one with ports (0.0.0.0:20000-20099)',
    })
    .option('apn', { string: true, requiresArg: true, describe: 'access point of the data call' })
    .option('bringup', {
      boolean: true,
      default: false,
      describe: 'the first hour of a module: what a run relies on and only a module can prove (docs/first-hardware.md)',
    })
    .option('transcript', {
      string: true,
      requiresArg: true,
      implies: 'bringup',
      describe: 'a fresh file for what passed; default: bringup-<time>.ndjson',
    })
    .option('json', { boolean: true, default: false, describe: 'print what was seen as JSON' })
    .option('root', {
      string: true,
      requiresArg: true,
      describe: "a virtual module's folder, to look at instead of this machine",
    })
    .example('$0 doctor', 'what is wrong with the only module that is plugged in, and how to mend it')
    .example('$0 doctor --module ec200u', 'one of bench.yaml: that it is the right one, and reaches the broker')
    .example('$0 doctor --broker-host 203.0.113.7 --listen 0.0.0.0', 'without an inventory')
    .example('$0 doctor --bringup --broker-host 203.0.113.7 --listen 0.0.0.0', 'a module that nobody has tried yet')
    .example('$0 doctor --module virtual', 'what it looks like when all is well');

/** `qlhil doctor`: what stands between this bench and a run. */
export const doctorCommand = command(
  builder,
  async ({ bringup, transcript, json, module, bench, root, listen, apn, 'broker-host': brokerHost }) => {
    const words = { json, module, bench, root, listen, apn, 'broker-host': brokerHost };
    if (!bringup) {
      const { doctor } = await import('./doctor.ts');
      return await doctor(words);
    }
    const { bringUpModule } = await import('./bring-up.ts');
    return await bringUpModule({ ...words, transcript });
  },
);
