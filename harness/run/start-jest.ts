import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { asError, HarnessError } from '../errors.ts';
import { jestConfig, jestProgram } from './jest-config.ts';
import { LIFELINE_VARIABLE } from './lifeline-client.ts';
import { decodeProgress, PROGRESS_FD, type Progress } from './progress.ts';
import { REPEAT_VARIABLE } from './scenario.ts';

export interface JestOptions {
  readonly files: readonly string[];
  readonly workers: number;
  readonly repeat: number;
  /** Draws the order of the scenarios within each file; as they stand there without it. */
  readonly shuffleSeed: number | undefined;
  /** A private folder for this Jest alone. */
  readonly folder: string;
  readonly planPath: string;
  readonly lifelinePath: string;
  /** What Jest and the scenarios print is kept here. */
  readonly logPath: string;
  readonly onProgress: (progress: Progress) => void;
}

/** Jest as a process group of its own: a Ctrl-C at the terminal is dealt with by the command line alone. */
export class JestProcess {
  readonly ended: Promise<{ readonly exitCode: number | null }>;
  readonly #child: ChildProcess;

  static async start(options: JestOptions): Promise<JestProcess> {
    const { folder, files, workers } = options;
    const configPath = join(folder, 'jest.config.json');
    await writeFile(configPath, JSON.stringify(jestConfig({ rootFolder: folder, files, workers })));
    return new JestProcess(configPath, options);
  }

  private constructor(configPath: string, options: JestOptions) {
    const log = createWriteStream(options.logPath, { flags: 'a' });
    // On a full disk: what it would have kept is no part of the record.
    log.on('error', () => undefined);
    this.#child = spawn(process.execPath, jestArguments(configPath, options), {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: {
        ...process.env,
        QLHIL_PLAN: options.planPath,
        [LIFELINE_VARIABLE]: options.lifelinePath,
        [REPEAT_VARIABLE]: String(options.repeat),
      },
    });
    this.#child.stdout?.pipe(log, { end: false });
    this.#child.stderr?.pipe(log, { end: false });
    this.ended = this.#follow(options.onProgress).finally(() => log.end());
  }

  /** Ends Jest and its workers without further ado. */
  kill(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      this.#child.kill('SIGKILL'); // the group is gone already, or was never made
    }
  }

  async #follow(onProgress: (progress: Progress) => void): Promise<{ readonly exitCode: number | null }> {
    const exited = new Promise<number | null>((resolve, reject) => {
      this.#child.once('error', (error) => reject(cannotStart(asError(error))));
      this.#child.once('close', resolve);
    });
    const pipe = this.#child.stdio[PROGRESS_FD];
    if (pipe instanceof Readable) {
      createInterface({ input: pipe }).on('line', (line) => onProgress(decodeProgress(line)));
    }
    return { exitCode: await exited };
  }
}

function jestArguments(configPath: string, { files, shuffleSeed }: JestOptions): string[] {
  // Workers get the same words, and so hold the lifeline before they load anything else: that may take them seconds.
  const lifeline = pathToFileURL(join(import.meta.dirname, 'lifeline-setup.js')).href;
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', `--import=${lifeline}`];
  // As a project: beside `--config`, Jest wants a configuration above the current folder, too.
  // Jest's seeds are signed.
  const order = shuffleSeed === undefined ? [] : ['--randomize', `--seed=${shuffleSeed | 0}`];
  return [
    ...node,
    jestProgram,
    '--projects',
    configPath,
    ...order,
    '--ci',
    '--forceExit',
    '--runTestsByPath',
    ...files,
  ];
}

function cannotStart(cause: Error): HarnessError {
  return new HarnessError('HARNESS_BUG', `Jest does not start: ${cause.message}`, { where: 'start-jest' }, { cause });
}
