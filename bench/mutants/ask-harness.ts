import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../../harness/report/run-record.ts';
import type { Generation } from './mutant.ts';
import type { Kill } from './result.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PROGRAM = join(ROOT, 'dist', 'bin', 'qlhil.js');
/** A clean suite takes a minute; one that waits for what never comes fails long before this. */
const RUN_BUDGET_MS = 360_000;
const TERMINATE_BUDGET_MS = 10_000;
const MODULE_FAILED = 1;

export interface Question {
  /** Folder that holds `<generation>/qlhil-vmodule`. */
  readonly firmware: string;
  readonly sdk: Generation;
  /** Names of scenario files. */
  readonly files: readonly string[];
  /** Modules that share the scenarios. */
  readonly modules: number;
  /** Made, read and removed. */
  readonly out: string;
}

export type Answer =
  | { readonly says: 'passed' }
  | { readonly says: 'failed'; readonly kill: Omit<Kill, 'by'> }
  /** The run came to no scenario. */
  | { readonly says: 'unstarted' }
  | { readonly says: 'nothing'; readonly why: string };

/** One `qlhil run` as a user has it in CI, strict, which ends at the first scenario that the module fails. */
export async function askHarness(question: Question): Promise<Answer> {
  const { out } = question;
  rmSync(out, { recursive: true, force: true });
  const { exitCode, complaint } = await runProgram(question);
  const answer = read(question, exitCode, complaint);
  rmSync(out, { recursive: true, force: true });
  return answer;
}

function read({ out, sdk }: Question, exitCode: number | null, complaint: string): Answer {
  const path = join(out, 'run.json');
  if (exitCode === null) return { says: 'nothing', why: `it did not end within ${RUN_BUDGET_MS} ms` };
  const record: RunRecord | undefined = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  if (record === undefined || record.outcomes.length === 0) {
    return exitCode === 0 ? { says: 'nothing', why: 'it left no record' } : { says: 'unstarted' };
  }
  // Files that ask for what no virtual module here has: the run has no verdict, and they have nothing to say.
  const isSkipped = record.outcomes.every(({ outcome }) => outcome === 'skipped');
  if (exitCode === 0 || isSkipped) return { says: 'passed' };
  const failed = record.outcomes.find(({ outcome }) => outcome === 'fail');
  if (exitCode !== MODULE_FAILED || failed === undefined) {
    const odd = record.outcomes.find(({ outcome }) => outcome === 'inconclusive');
    return { says: 'nothing', why: `exit ${exitCode}: ${odd?.scenario ?? ''} ${odd?.why ?? complaint}`.trim() };
  }
  const { rule = '', clause = '', kind = '' } = failed.findings[0] ?? {};
  return { says: 'failed', kill: { sdk, scenario: failed.scenario, rule, clause, kind } };
}

async function runProgram(question: Question): Promise<{ exitCode: number | null; complaint: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...wordsOf(question)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, QLHIL_FIRMWARE: question.firmware },
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-500)));
  let isOver = false;
  const terminate = setTimeout(() => {
    isOver = true;
    child.kill('SIGTERM');
  }, RUN_BUDGET_MS);
  const kill = setTimeout(() => child.kill('SIGKILL'), RUN_BUDGET_MS + TERMINATE_BUDGET_MS);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(terminate);
  clearTimeout(kill);
  return { exitCode: isOver ? null : exitCode, complaint };
}

function wordsOf({ sdk, files, modules, out }: Question): readonly string[] {
  const paths = files.map((name) => join(ROOT, 'scenarios', `${name}.scenario.ts`));
  const module = `virtual*${modules}?sdk=${sdk}`;
  return ['run', ...paths, '--module', module, '--strict', '--bail', '--seed', '1', '--out', out];
}
