import yargs from 'yargs';

await yargs(process.argv.slice(2))
  .scriptName('bare')
  .command('run [files..]', 'run', (command) =>
    command
      .positional('files', { array: true, type: 'string' })
      .option('module', { type: 'string', array: true })
      .option('grep', { type: 'string' })
      .option('out', { type: 'string' }),
  )
  .command('list [what]', 'list', (command) => command.option('json', { type: 'boolean' }))
  .command('check <files..>', 'check', (command) => command.option('json', { type: 'boolean' }))
  .command('devices', 'devices', (command) => command.option('json', { type: 'boolean' }))
  .command('lock', 'lock', (command) => command.option('json', { type: 'boolean' }))
  .demandCommand(1)
  .strict()
  .parseAsync();
