import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { qlhil } from './support/qlhil.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const root = join(import.meta.dirname, '..');
const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

const run = (...words: readonly string[]) => qlhil(words, { cwd: folder.path });

describe('words that make no sense end with exit code 2 and one line:', () => {
  test.each<[readonly string[], RegExp]>([
    [[], /name a command/u],
    [['rnu'], /did you mean run\?/u],
    [['run', '--module', 'virtual', '--modlue=x'], /unknown argument: modlue; did you mean --module\?/u],
    [['run'], /name a module with --module/u],
    [['run', '--module'], /not enough arguments following: module/iu],
    [['run', '--module', 'virtual:EC200U'], /unknown SKU 'EC200U' \(known: EC200U-CN/u],
    [['run', '--module', 'virtual?defect=nothing'], /unknown defect 'nothing'/u],
    [['run', '--module', 'virtual', '--seed', '-1'], /not enough arguments following: seed|--seed takes/iu],
    [['run', '--module', 'virtual', '--seed', 'x'], /--seed takes a whole number/u],
    [['run', '--module', 'virtual', '--seed', '1', '--seed', '2'], /--seed is given 2 times/u],
    [['run', '--module', 'virtual', '--shard', '3/2'], /--shard takes i\/n/u],
    [['run', '--module', 'virtual', '--max-duration', '1d'], /--max-duration takes a duration/u],
    [['run', '--module', 'virtual', '--profile', 'quick'], /invalid values: argument: profile/iu],
    [['run', '--module', 'virtual', '--grep', '('], /is no regular expression/u],
    [['run', '--module', 'virtual', '--clause', 'M-99'], /no scenario cites clause 'M-99'/u],
    [['run', '--module', 'virtual', 'none.scenario.ts'], /none\.scenario\.ts: there is no such file/u],
    [['list', 'nothing'], /choices: "scenarios"/iu],
    [['mutate', '--defect', 'sni-mising'], /unknown defect 'sni-mising': did you mean sni-missing\?/u],
    [['mutate', '--module', '/dev/ttyUSB0'], /only a virtual module can be given defects/u],
    [['mutate', '--module', 'virtual?network=own'], /defects are tried on the loopback/u],
    [['mutate', '--grep', '('], /is no regular expression/u],
    [['check'], /the command lacks an argument/u],
    [['check', 'none.ndjson'], /none\.ndjson/u],
    [['check', '--rules', 'CB-99', 'none.ndjson'], /no rule is called 'CB-99'; did you mean CB-0/u],
  ])('qlhil %j', async (words, message) => {
    const { exitCode, stdout, stderr } = await run(...words);

    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(message)]);
  });
});

test('a TTY that is not there ends with exit code 3 and one clear line', async () => {
  const { exitCode, stderr } = await run('run', '--module', '/dev/ttyDoesNotExist');

  expect(exitCode).toBe(3);
  expect(stderr).toBe('qlhil: there is no /dev/ttyDoesNotExist: is the module plugged in and switched on?\n');
});

test('a selection that is empty ends with exit code 5', async () => {
  const { exitCode } = await run('run', '--module', 'virtual', '--grep', 'no scenario is called this');

  expect(exitCode).toBe(5);
});

const commandsOf = (text: string, pattern: RegExp) =>
  [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''))].toSorted();

test('help, README and the table of commands name the same commands', async () => {
  const { stdout, exitCode } = await run('--help');
  const readme = readFileSync(join(root, 'README.md'), 'utf8');

  const inHelp = commandsOf(stdout, /^ {2}qlhil (\w+)/gmu);

  expect(exitCode).toBe(0);
  expect(inHelp).toEqual(expect.arrayContaining(['check', 'list', 'run']));
  const table = readme.split('| command | what it does |')[1]?.split('\n\n')[0] ?? '';
  expect(commandsOf(table, /^\| `(\w+)/gmu)).toEqual(inHelp);
});

test('every option of run is explained in its help', async () => {
  const { stdout } = await run('run', '--help');
  const unexplained = stdout.split('\n').filter((line) => /^ +(?:-\w, )?--[\w-]+ *\[/u.test(line));

  expect(unexplained).toEqual([]);
});

test('list --json has all lists, each entry with an id or a name', async () => {
  const { stdout, exitCode } = await run('list', '--json');
  const lists: Record<string, Record<string, unknown>[]> = JSON.parse(stdout);

  expect(exitCode).toBe(0);
  expect(Object.keys(lists)).toEqual(['scenarios', 'clauses', 'rules', 'defects', 'skus']);
  for (const entries of Object.values(lists)) {
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.filter((entry) => typeof (entry['id'] ?? entry['name']) !== 'string')).toEqual([]);
  }
});

test('a list that is asked for by name comes alone', async () => {
  const { stdout } = await run('list', 'skus', '--json');

  expect(Object.keys(JSON.parse(stdout))).toEqual(['skus']);
});
