import yargs from 'yargs';
import { findClosestName } from '../harness/bench/closest-name.ts';
import { harnessVersion } from '../harness/run/harness-version.ts';
import { checkCommand } from './check-command.ts';
import { devicesCommand } from './devices-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { explainFailure } from './explain-failure.ts';
import { flashCommand } from './flash-command.ts';
import { listCommand } from './list-command.ts';
import { lockCommand } from './lock-command.ts';
import { RUN_OPTIONS, runCommand } from './run-command.ts';
import { usageError } from './usage-error.ts';

/** The command line, from its words to its exit code. Nothing here ends the process. */
export async function main(words: readonly string[]): Promise<number> {
  const exit = { code: 0 };
  const setExit = (code: number) => void (exit.code = code);
  try {
    await yargs([...words])
      .scriptName('qlhil')
      .usage('$0 <command>\n\nTests the MQTT API of a Quectel QuecOpen module over its USB port.')
      .command(runCommand(setExit))
      .command(listCommand(setExit))
      .command(checkCommand(setExit))
      .command(devicesCommand(setExit))
      .command(doctorCommand(setExit))
      .command(flashCommand(setExit))
      .command(lockCommand(setExit))
      .example('$0 run --module virtual', 'all scenarios on a virtual module: no hardware needed')
      .example('$0 run --module /dev/ttyUSB5 --broker-host mqtt.lab.example', 'on a module of a bench')
      .example("$0 run --module 'virtual:EC200U-CN?defect=publish-callback-lost'", 'see a broken firmware being found')
      .example('$0 list scenarios', 'what can be run')
      .epilogue(
        'Exit codes: 0 passed, 1 the module failed, 2 usage, 3 rig, 4 harness bug, 5 nothing ran (docs/results.md).',
      )
      .demandCommand(1, 'name a command')
      .strict()
      .recommendCommands()
      .parserConfiguration({ 'greedy-arrays': false, 'camel-case-expansion': false })
      .version(harnessVersion().version)
      .alias('help', 'h')
      .alias('version', 'V')
      .wrap(Math.min(120, process.stdout.columns ?? 120))
      .exitProcess(false)
      .fail((message, error) => {
        throw error ?? usageError(explain(message));
      })
      .parseAsync();
    return exit.code;
  } catch (thrown) {
    const { code, text } = explainFailure(thrown);
    process.stderr.write(`qlhil: ${text}\n`);
    return code;
  }
}

const NAMES = ['run', 'list', 'check', 'devices', 'doctor', 'flash', 'lock', ...Object.keys(RUN_OPTIONS)];

/** What yargs says, in words that help. */
function explain(message: string): string {
  if (message.startsWith('Not enough non-option arguments')) return 'the command lacks an argument';
  const [, unknown] = /^Unknown (?:argument|command): (\S+)$/u.exec(message) ?? [];
  const closest = unknown === undefined ? undefined : findClosestName(unknown, NAMES);
  if (closest === undefined) return message;
  return `${message}; did you mean ${closest in RUN_OPTIONS ? `--${closest}` : closest}?`;
}
