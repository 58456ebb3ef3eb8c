import type { Command } from './command.ts';

/** A command as the help lists it; what it takes and does is loaded when it is called, so that help is quick. */
export interface CommandRow {
  /** Its name and what stands behind it, as yargs reads it. */
  readonly usage: string;
  readonly describe: string;
  readonly load: () => Promise<Command<unknown>>;
}

export const COMMANDS: readonly CommandRow[] = [
  {
    usage: 'run [files..]',
    describe: 'run scenarios on a module and judge what it does',
    load: async () => (await import('./run-command.ts')).runCommand,
  },
  {
    usage: 'list [what]',
    describe: 'list scenarios, clauses, rules, defects and SKUs',
    load: async () => (await import('./list-command.ts')).listCommand,
  },
  {
    usage: 'check <timelines..>',
    describe: 'judge recorded timelines again, without a module',
    load: async () => (await import('./check-command.ts')).checkCommand,
  },
  {
    usage: 'compare <old> [new]',
    describe: 'tell what is different between two runs, revisions or SKUs, or a baseline and a run',
    load: async () => (await import('./compare-command.ts')).compareCommand,
  },
  {
    usage: 'baseline <action> <run>',
    describe: 'accept what a run observed, and its failures, as what later runs are held against',
    load: async () => (await import('./baseline-command.ts')).baselineCommand,
  },
  {
    usage: 'mutate',
    describe: 'see which defects of the virtual module the scenarios notice',
    load: async () => (await import('./mutate-command.ts')).mutateCommand,
  },
  {
    usage: 'report <run>',
    describe: 'render the reports of a run again',
    load: async () => (await import('./report-command.ts')).reportCommand,
  },
  {
    usage: 'devices',
    describe: 'show the modules that are plugged in, and which SKU each is',
    load: async () => (await import('./devices-command.ts')).devicesCommand,
  },
  {
    usage: 'doctor',
    describe: 'say what is wrong with the bench, and how to mend it',
    load: async () => (await import('./doctor-command.ts')).doctorCommand,
  },
  {
    usage: 'flash <pac>',
    describe: 'put the firmware of a PAC on a module, and see it come back',
    load: async () => (await import('./flash-command.ts')).flashCommand,
  },
  {
    usage: 'lock <action>',
    describe: 'hold a module for yourself, give it back, or see who has it',
    load: async () => (await import('./lock-command.ts')).lockCommand,
  },
];
