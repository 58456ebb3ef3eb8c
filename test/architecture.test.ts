import { execFileSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { importsOf, type SourceFile } from './support/imports.ts';
import { findWrong, isPure, LAYERS } from './support/layers.ts';
import { sourceFiles } from './support/source-files.ts';

const root = join(import.meta.dirname, '..');
const all = sourceFiles(root);
const isTest = ({ path }: SourceFile) => path.endsWith('.test.ts') || path.startsWith('test/');
const program = all.filter((file) => !isTest(file));

const wrongIn = (files: readonly SourceFile[]) => files.flatMap(importsOf).flatMap((found) => findWrong(found) ?? []);

test('every import points down, and npm packages stay in their folder', () => {
  expect(program.length).toBeGreaterThan(100);
  expect(wrongIn(program)).toEqual([]);
});

describe('a planted import is found:', () => {
  test.each([
    ['the broker knows the timeline', 'broker/broker.ts', "import type { X } from '../harness/timeline/events.ts';"],
    ['the oracle reads files', 'harness/oracle/judge.ts', "import { readFileSync } from 'node:fs';"],
    ['the oracle decodes with a package', 'harness/oracle/judge.ts', "import * as v from 'valibot';"],
    ['a report runs things', 'harness/report/proof.ts', "import { runScenarios } from '../run/run-scenarios.ts';"],
    ['preact outside of the page', 'harness/report/render-html.ts', "import { render } from 'preact';"],
    ['a report that needs its page', 'harness/report/render-html.ts', "import { App } from './page/app.tsx';"],
    ['the page reads files', 'harness/report/page/data.ts', "import { readFileSync } from 'node:fs';"],
    ['the protocol knows its transport', 'harness/protocol/line.ts', "export { open } from '../transport/serial.ts';"],
    ['serialport beside its one file', 'harness/transport/tcp.ts', "import { SerialPort } from 'serialport';"],
    ['yargs outside of bin', 'harness/run/plan.ts', "import yargs from 'yargs';"],
    ['aedes outside of the broker', 'harness/rig/rig.ts', "const { Aedes } = await import('aedes');"],
    ['Jest in the program', 'harness/run/scenario.ts', "import { test } from '@jest/globals';"],
    ['a package that nobody owns', 'bin/run.ts', "import 'left-pad';"],
    ['clauses that import', 'scenarios/clauses/manual.ts', "import { x } from '../../harness/errors.ts';"],
    ['a rule that knows a rig', 'harness/oracle/judge.ts', "import {\n  Rig,\n} from '../rig/rig.ts';"],
    ['a folder without a place', 'harness/utils/x.ts', "import { HarnessError } from '../errors.ts';"],
  ])('%s', (_, path, source) => {
    expect(wrongIn([{ path, source }])).toHaveLength(1);
  });

  test('a type may cross where a program may not', () => {
    const line = "import type { ScenarioOutcome } from '../run/outcome.ts';";

    expect(wrongIn([{ path: 'harness/report/proof.ts', source: line }])).toEqual([]);
    expect(wrongIn([{ path: 'harness/report/proof.ts', source: line.replace('import type', 'import') }])).toHaveLength(
      1,
    );
  });
});

test('the table of layers has no way back up', () => {
  const rows = Object.keys(LAYERS);
  const upward = rows.flatMap((row, position) =>
    (LAYERS[row]?.uses ?? []).filter((used) => rows.indexOf(used) > position).map((used) => `${row} → ${used}`),
  );

  expect(upward).toEqual([]);
});

test('pure folders ask no clock and no chance', () => {
  const impure = program
    .filter(({ path }) => isPure(path))
    .filter(({ source }) =>
      /\b(?:Date\.now|new Date\(\)|performance\.|Math\.random|setTimeout|setInterval|process\.)/u.test(source),
    );

  expect(impure.map(({ path }) => path)).toEqual([]);
});

test('Jest runs every test file that there is', () => {
  const jest = ['--experimental-vm-modules', join(root, 'node_modules/jest/bin/jest.js'), '--listTests'];
  const listed = execFileSync(process.execPath, jest, { cwd: root, encoding: 'utf8' }).trim().split('\n');

  const files = all.filter(({ path }) => path.endsWith('.test.ts')).map(({ path }) => path);

  expect(listed.map((path) => relative(root, path)).toSorted()).toEqual(files.toSorted());
});
