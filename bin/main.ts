import yargs, { type CommandModule } from 'yargs';
import { findClosestName } from '../harness/bench/closest-name.ts';
import { harnessVersion } from '../harness/run/harness-version.ts';
import { COMMANDS, type CommandRow } from './commands.ts';
import { explainFailure } from './explain-failure.ts';
import { usageError } from './usage-error.ts';

/** The command line, from its words to its exit code. Nothing here ends the process. */
export async function main(words: readonly string[]): Promise<number> {
  const exit = { code: 0 };
  let complaint: string | undefined;
  try {
    await yargs([...words])
      .scriptName('qlhil')
      .usage('$0 <command>\n\nTests the MQTT API of a Quectel QuecOpen module over its USB port.')
      .command(COMMANDS.map((row) => loadedWhenCalled(row, (code) => void (exit.code = code))))
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
        if (error) throw error;
        complaint = message;
        throw usageError(message);
      })
      .parseAsync();
    return exit.code;
  } catch (thrown) {
    const { code, text } = explainFailure(complaint === undefined ? thrown : usageError(await explain(complaint)));
    process.stderr.write(`qlhil: ${text}\n`);
    return code;
  }
}

function loadedWhenCalled({ usage, describe, load }: CommandRow, setExit: (code: number) => void): CommandModule {
  return {
    command: usage,
    describe,
    builder: async (parser) => (await load()).builder(parser),
    handler: async (given) => setExit(await (await load()).handler(given)),
  };
}

/** What yargs says, in words that help. */
async function explain(message: string): Promise<string> {
  if (message.startsWith('Not enough non-option arguments')) return 'the command lacks an argument';
  const [, unknown] = /^Unknown (?:argument|command): (\S+)$/u.exec(message) ?? [];
  if (unknown === undefined) return message;
  const { RUN_OPTIONS } = await import('./run-command.ts');
  const commands = COMMANDS.map(({ usage }) => usage.replace(/ .*/u, ''));
  const closest = findClosestName(unknown, [...commands, ...Object.keys(RUN_OPTIONS)]);
  if (closest === undefined) return message;
  return `${message}; did you mean ${closest in RUN_OPTIONS ? `--${closest}` : closest}?`;
}
