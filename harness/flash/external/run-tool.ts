import { type ChildProcess, spawn } from 'node:child_process';
import { asError, HarnessError } from '../../errors.ts';
import type { ExternalDriver } from './flash-driver.ts';
import { readToolLine, type ToolLine, withoutTimeStamp } from './tool-grammar.ts';

const KEPT_LINES = 200;
const MAX_LINE_BYTES = 4096;
const KILL_AFTER_MS = 5000;

export interface RunToolOptions {
  readonly driver: ExternalDriver;
  readonly placeholders: Readonly<Record<'pac' | 'port' | 'usb', string>>;
  readonly onLine: (line: ToolLine) => void;
}

/**
 * Runs a vendor's tool to its end under two watchdogs, one on the whole run and one on silence. It succeeded when its exit
 * code is 0 and its closing line says so and no line said otherwise.
 * @throws HarnessError FLASH_TOOL_MISSING, FLASH_TOOL_FAILED, FLASH_TOOL_STALLED
 */
export async function runTool({ driver, placeholders, onLine }: RunToolOptions): Promise<void> {
  const [program = '', ...template] = driver.command;
  const args = template.map((arg) =>
    arg.replaceAll(/\{(pac|port|usb)\}/gu, (_, name: 'pac' | 'port' | 'usb') => placeholders[name]),
  );
  const run = new ToolRun(driver, onLine);
  // A group of its own: a Ctrl-C at the terminal must not end it in the middle of a write, and what it starts ends with it.
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const exitCode = await run.watch(child);
  run.judge(exitCode);
}

class ToolRun {
  readonly #driver: ExternalDriver;
  readonly #onLine: (line: ToolLine) => void;
  readonly #lines: string[] = [];
  #partial = '';
  #isProtected = false;
  #stalledAfterMs: number | undefined;
  #succeeded = false;
  #failure: string | undefined;
  #kill: () => void = () => undefined;
  #restartSilence: () => void = () => undefined;

  constructor(driver: ExternalDriver, onLine: (line: ToolLine) => void) {
    this.#driver = driver;
    this.#onLine = onLine;
  }

  async watch(child: ChildProcess): Promise<number | null> {
    const overall = setTimeout(() => this.#stall(this.#driver.overallMs), this.#driver.overallMs);
    let silence = setTimeout(() => this.#stall(this.#driver.silenceMs), this.#driver.silenceMs);
    this.#restartSilence = () => {
      clearTimeout(silence);
      silence = setTimeout(() => this.#stall(this.#driver.silenceMs), this.#driver.silenceMs);
    };
    let hard: NodeJS.Timeout | undefined;
    this.#kill = () => {
      killGroup(child, 'SIGTERM');
      hard ??= setTimeout(() => killGroup(child, 'SIGKILL'), KILL_AFTER_MS);
    };
    child.stdout?.on('data', (bytes: Buffer) => this.#read(bytes));
    child.stderr?.on('data', (bytes: Buffer) => this.#read(bytes));
    try {
      return await exitOf(child, this.#driver.name);
    } finally {
      for (const timer of [overall, silence, hard]) clearTimeout(timer);
    }
  }

  judge(exitCode: number | null): void {
    this.#cut('\n');
    const tool = this.#driver.name;
    const lastLines = this.#lines;
    if (this.#stalledAfterMs !== undefined) {
      const limitMs = this.#stalledAfterMs;
      throw new HarnessError('FLASH_TOOL_STALLED', `${tool} was stopped after ${limitMs} ms`, {
        tool,
        limitMs,
        lastLines,
      });
    }
    if (exitCode === 0 && this.#succeeded && this.#failure === undefined) return;
    const why =
      this.#failure ??
      (this.#succeeded ? `exit code ${exitCode}` : `it never said that it succeeded (exit code ${exitCode})`);
    throw new HarnessError('FLASH_TOOL_FAILED', `${tool} failed: ${why}`, { tool, exitCode, lastLines });
  }

  #stall(limitMs: number): void {
    this.#stalledAfterMs ??= limitMs;
    // Stopping the tool while it writes the bootloader costs the module; it gets until the end of that file.
    if (!this.#isProtected) this.#kill();
  }

  #read(bytes: Buffer): void {
    this.#restartSilence();
    this.#cut(bytes.toString('latin1'));
  }

  #cut(text: string): void {
    const parts = (this.#partial + text).split(/[\r\n]+/u);
    this.#partial = (parts.pop() ?? '').slice(-MAX_LINE_BYTES);
    for (const part of parts) if (part !== '') this.#take(withoutTimeStamp(part));
  }

  #take(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    const { grammar } = this.#driver;
    if (grammar.doNotKill?.from.test(line) === true) this.#isProtected = true;
    else if (this.#isProtected && grammar.doNotKill?.until.test(line) === true) this.#unprotect();
    const read = readToolLine(line, grammar);
    if (read === undefined) return;
    if (read.kind === 'success') this.#succeeded = true;
    if (read.kind === 'failure') this.#failure ??= read.text;
    this.#onLine(read);
  }

  #unprotect(): void {
    this.#isProtected = false;
    if (this.#stalledAfterMs !== undefined) this.#kill();
  }
}

async function exitOf(child: ChildProcess, tool: string): Promise<number | null> {
  return await new Promise((resolve, reject) => {
    child.on('error', (cause) =>
      reject(
        new HarnessError(
          'FLASH_TOOL_MISSING',
          `${tool} cannot be started: ${asError(cause).message}`,
          { tool },
          { cause },
        ),
      ),
    );
    child.on('close', resolve);
  });
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended in the meantime, which is all that was wanted.
  }
}
