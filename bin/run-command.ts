import type { Argv } from 'yargs';
import { command } from './command.ts';

export const RUN_OPTIONS = {
  module: {
    alias: 'm',
    array: true,
    string: true,
    requiresArg: true,
    describe:
      'virtual, virtual:<SKU>[?defect=…&personality=…&sdk=…], virtual*4, /dev/tty…, tcp:host:port, a name of bench.yaml; repeatable',
  },
  grep: {
    alias: 'g',
    string: true,
    requiresArg: true,
    describe: 'only scenarios whose id or title matches this pattern',
  },
  clause: {
    array: true,
    string: true,
    requiresArg: true,
    describe: 'only scenarios that cite this clause; repeatable',
  },
  profile: {
    choices: ['full', 'smoke'] as const,
    default: 'full' as const,
    describe: 'smoke: only the first scenario of each area that any module can run',
  },
  shard: { string: true, requiresArg: true, describe: 'only the i-th of n parts (i/n), for several jobs' },
  seed: { string: true, requiresArg: true, describe: 'of everything random; default: a fresh one, printed' },
  repeat: { string: true, requiresArg: true, default: '1', describe: 'run each scenario so often' },
  shuffle: { boolean: true, default: false, describe: 'the scenarios of a file in an order drawn from the seed' },
  strict: { boolean: true, default: false, describe: 'deviations from inferred clauses fail, too' },
  known: {
    string: true,
    requiresArg: true,
    describe: 'a file of known failures (docs/results.md); one that passes turns the run red',
  },
  baseline: {
    string: true,
    requiresArg: true,
    describe:
      'a folder of baselines, one file a SKU, or one of them; default: baselines, if it is here (docs/compare.md)',
  },
  'fail-on-change': {
    boolean: true,
    default: false,
    describe: 'an observation that is not as the baseline has it fails, too',
  },
  'fail-on-flaky': {
    boolean: true,
    default: false,
    describe: 'exit 6 when a scenario ended differently at another attempt',
  },
  bail: { boolean: true, default: false, describe: 'end after the first scenario that the module fails' },
  'max-duration': { string: true, requiresArg: true, describe: 'begin no scenario after this time, e.g. 15m' },
  out: { alias: 'o', string: true, requiresArg: true, describe: 'a fresh folder for the record; default: out/<time>' },
  bench: { string: true, requiresArg: true, describe: 'the inventory; default: bench.yaml, if it is here' },
  'broker-host': {
    string: true,
    requiresArg: true,
    describe: "the broker's address as a module on a bench reaches it",
  },
  listen: {
    string: true,
    requiresArg: true,
    describe: 'where the broker listens for modules on a bench: an address, or one with ports (0.0.0.0:20000-20099)',
  },
  apn: { string: true, requiresArg: true, describe: 'access point for the data call of a module on a bench' },
  pcap: {
    boolean: true,
    default: false,
    describe: 'keep a packet capture of each attempt, and the TLS keys that open it (docs/reports.md)',
  },
  json: { boolean: true, default: false, describe: 'print the run record, and nothing else, on standard output' },
} as const;

const builder = (parser: Argv) =>
  parser
    .positional('files', { array: true, string: true, describe: 'scenario files or folders; default: those shipped' })
    .options(RUN_OPTIONS)
    .example('$0 run --module virtual --grep publish', 'scenarios about publishing')
    .example('$0 run --module virtual:EC200U-CN*2', 'two virtual modules that share the scenarios')
    .example('$0 run --module virtual --clause M-12 --repeat 5 --seed 7', 'everything about one clause, five times')
    .example(
      '$0 run my.scenario.ts --module /dev/ttyUSB5 --broker-host 203.0.113.7 --listen 0.0.0.0',
      'your own, on a bench',
    );

/** `qlhil run`: scenarios on modules, and a record of what they did. */
export const runCommand = command(builder, async (given) => {
  const { run } = await import('./run.ts');
  return await run(given);
});

export type RunArguments = ReturnType<typeof builder> extends Argv<infer T> ? T : never;
