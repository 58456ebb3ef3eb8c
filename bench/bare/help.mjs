import yargs from 'yargs';

const COMMANDS = [
  'run [files..]',
  'list [what]',
  'check <timelines..>',
  'compare <old> [new]',
  'baseline <action> <run>',
  'mutate',
  'report <run>',
  'devices',
  'doctor',
  'flash <pac>',
  'lock <action>',
];

const program = yargs(process.argv.slice(2)).scriptName('bare');
for (const command of COMMANDS)
  program.command(command, `does ${command}`, (options) =>
    options
      .option('module', { type: 'string', array: true })
      .option('out', { type: 'string' })
      .option('json', { type: 'boolean' }),
  );
await program.demandCommand(1).strict().parseAsync();
