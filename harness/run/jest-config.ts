import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Beyond this, a worker that has nothing to do is replaced by a fresh one. It also keeps Jest from running scenarios in its own process. */
const WORKER_MEMORY_LIMIT = '320MB';

const TYPESCRIPT = /\.ts$/;
/** Loaded by every worker of a run with a file for it, which takes longer than all of the harness. */
const TRANSPILER = [
  require.resolve('@swc/jest'),
  {
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022', transform: { verbatimModuleSyntax: true } },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
] as const;

export interface JestConfigOptions {
  readonly rootFolder: string;
  /** Jest crawls the folders of these, and takes a file that is named to it only from there. */
  readonly files: readonly string[];
  /** One worker a module. */
  readonly workers: number;
}

/** Jest's configuration for a run: files are named on its command line, compiled ones run as they are, a user's own are transpiled. */
export function jestConfig({ rootFolder, files, workers }: JestConfigOptions): Readonly<Record<string, unknown>> {
  return {
    rootDir: rootFolder,
    roots: [...new Set(files.map((file) => dirname(file)))],
    testMatch: ['**/*.scenario.{ts,js,mjs}'],
    testEnvironment: 'node',
    testPathIgnorePatterns: [],
    extensionsToTreatAsEsm: ['.ts'],
    transform: files.some((file) => TYPESCRIPT.test(file)) ? { [TYPESCRIPT.source]: TRANSPILER } : {},
    // Jest would write each compiled file to its cache, which is another one for every run.
    transformIgnorePatterns: ['/node_modules/', String.raw`\.m?js$`],
    setupFiles: [join(import.meta.dirname, 'lifeline-setup.js')],
    reporters: [join(import.meta.dirname, 'progress-reporter.js')],
    maxWorkers: workers,
    workerIdleMemoryLimit: WORKER_MEMORY_LIMIT,
    watchman: false,
  };
}

/** Jest's own command line program. */
export const jestProgram: string = require.resolve('jest/bin/jest');
