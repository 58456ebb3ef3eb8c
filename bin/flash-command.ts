import type { Argv } from 'yargs';
import { FLASH_ALLOWANCES } from '../harness/flash/plan/flash-plan.ts';
import { command } from './command.ts';

const builder = (parser: Argv) =>
  parser
    .positional('pac', { string: true, demandOption: true, describe: 'the firmware: an application PAC' })
    .options({
      module: {
        alias: 'm',
        string: true,
        requiresArg: true,
        describe:
          'where it goes: a name of bench.yaml, a USB path (1-1.3), a TTY, or virtual…; default: the only one plugged in',
      },
      sku: { string: true, requiresArg: true, describe: 'for which SKU the PAC was built' },
      'dry-run': { boolean: true, default: false, describe: 'show what would be written, and touch nothing' },
      allow: {
        array: true,
        choices: FLASH_ALLOWANCES,
        default: [],
        requiresArg: true,
        describe: 'what may be written beyond applications and files; repeatable (docs/flash.md)',
      },
      verify: { boolean: true, default: true, describe: 'read everything back and compare; --no-verify leaves it out' },
      'expect-revision': { string: true, requiresArg: true, describe: 'the revision that must answer afterwards' },
      'ignore-crc': { boolean: true, default: false, describe: 'a PAC with a wrong CRC passes with a warning' },
      'ignore-images': {
        boolean: true,
        default: false,
        describe: 'a loader or application that our checks refuse passes with a warning',
      },
      driver: { choices: ['native', 'qdloader'] as const, default: 'native' as const, describe: 'who writes' },
      qdloader: { string: true, requiresArg: true, default: 'QDloader', describe: "path of Quectel's tool for Linux" },
      'driver-command': {
        string: true,
        requiresArg: true,
        describe: 'any other tool, words parted by spaces, run without a shell; {pac}, {port} and {usb} are replaced',
      },
      'driver-success': {
        string: true,
        requiresArg: true,
        describe: 'pattern of the line that closes a good run of it',
      },
      bench: { string: true, requiresArg: true, describe: 'the inventory; default: bench.yaml, if it is here' },
      root: {
        string: true,
        requiresArg: true,
        describe: "a running virtual module's folder, to look at instead of this machine",
      },
      json: {
        boolean: true,
        default: false,
        describe: 'print the report of the flash, and nothing else, on standard output',
      },
    })
    .example('$0 flash build/EC200UCN_app.pac --dry-run', 'what would be written, where, how much')
    .example('$0 flash build/EC200UCN_app.pac', 'onto the only module that is plugged in')
    .example('$0 flash app.pac --sku EC200U-CN --module 1-1.3', 'onto one of several, by its USB path')
    .example(
      "$0 flash app.pac --module 'virtual:EC200U-CN?folder=vm'",
      'onto a virtual module that keeps its flash in vm/',
    );

/** `qlhil flash`: puts the firmware that a run will test on the module. */
export const flashCommand = command(builder, async (given) => {
  const { flash } = await import('./flash.ts');
  return await flash(given);
});

export type FlashArguments = ReturnType<typeof builder> extends Argv<infer T> ? T : never;
