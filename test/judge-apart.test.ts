import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packageRoot } from '../harness/bench/package-root.ts';
import { TRACE_HEADER, Trace } from '../harness/oracle/trace-builder.ts';

/*
 * The thread in which `qlhil check` judges, as it is built: `npm test` builds first.
 */
const OLD_MB = 24;
const ARGUMENT_BYTES = 64 * 1024;
const CALLS_UNDER_WAY = 1000;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-judge-apart-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** What becomes of a question, in a process of its own: the outcome, or what is thrown. */
function ask(path: string): unknown {
  const judgeApart = pathToFileURL(join(packageRoot, 'dist', 'bin', 'judge-apart.js')).href;
  const script = `
    import { JudgeApart } from ${JSON.stringify(judgeApart)};
    const judge = new JudgeApart({ oldMb: ${OLD_MB}, youngMb: 8 });
    try {
      const { verdict } = await judge.check({ path: ${JSON.stringify(path)}, strict: false });
      console.log(JSON.stringify({ outcome: verdict.outcome }));
    } catch ({ code, message }) {
      console.log(JSON.stringify({ code, message }));
    } finally {
      await judge[Symbol.asyncDispose]();
    }`;
  const program = join(folder, 'ask.mjs');
  writeFileSync(program, script);
  const { stdout, stderr } = spawnSync(process.execPath, [program], {
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  const told: unknown = JSON.parse(stdout);
  return told;
}

function written(name: string, trace: Trace): string {
  const path = join(folder, name);
  const lines = [TRACE_HEADER, ...trace.events].map((line) => JSON.stringify(line));
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

test('a timeline of which too much must be known at a time is refused, and says what to do', () => {
  const trace = new Trace();
  for (let token = 1; token <= CALLS_UNDER_WAY; token += 1)
    trace.request(token, 'publish', token, { topic: 'a', payload: `${token}${'x'.repeat(ARGUMENT_BYTES)}` });

  expect(ask(written('fat.ndjson', trace))).toEqual({
    code: 'CONFIGURATION',
    message: expect.stringContaining(`more than ${OLD_MB} MB must be known at a time; try fewer --rules`),
  });
});

test('one as long, of which little must be known, is judged in the same memory', () => {
  const trace = new Trace();
  for (let token = 1; token <= CALLS_UNDER_WAY; token += 1)
    trace.host(token, { k: 'observe', clause: 'D-1', name: 'noise', value: 'x'.repeat(ARGUMENT_BYTES) });
  trace.host(CALLS_UNDER_WAY, { k: 'phase', phase: 'end' });

  expect(ask(written('long.ndjson', trace))).toEqual({ outcome: 'pass' });
});
