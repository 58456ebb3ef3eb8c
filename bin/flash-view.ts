import { clearLine, cursorTo } from 'node:readline';
import type { FlashReport } from '../harness/flash/flash-options.ts';
import type { FlashProgress } from '../harness/flash/flash-progress.ts';
import { formatDuration } from '../harness/report/format-duration.ts';
import type { Paint } from './paint.ts';

/** Where there is no terminal to draw on, a line is written at each of so many parts of the way. */
const PARTS = 10;
const BAR_CELLS = 24;

/** Shows a flash: one line that moves on a terminal, a few plain lines elsewhere. */
export class FlashView {
  readonly #stream: NodeJS.WriteStream;
  readonly #paint: Paint;
  #isLineOpen = false;
  #told = '';

  constructor(stream: NodeJS.WriteStream, paint: Paint) {
    this.#stream = stream;
    this.#paint = paint;
  }

  /** What the flasher says: the plan, warnings, texts of the loaders. */
  notice(line: string): void {
    const tone = line.startsWith('warning:') ? 'doubtful' : 'faint';
    this.#print(this.#paint(tone, line));
  }

  note(text: string): void {
    this.#print(this.#paint('faint', text));
  }

  progress(progress: FlashProgress): void {
    if (this.#stream.isTTY) return this.#draw(describe(progress));
    const { stage, fileId = '', doneBytes, totalBytes } = progress;
    const part = totalBytes === 0 ? 0 : Math.floor((doneBytes / totalBytes) * PARTS);
    const told = `${stage} ${fileId} ${part}`;
    if (told === this.#told) return;
    this.#told = told;
    this.#print(describe(progress));
  }

  report(report: FlashReport): void {
    const { error, dryRun, durationMs, written, after } = report;
    if (error !== undefined) {
      this.#print(`${this.#paint('bad', '✗')} ${error.code}: ${error.message}`);
      this.#print(`  ${error.advice}`);
      return;
    }
    if (dryRun) return this.note('dry run: nothing was sent to a module');
    const bytes = written.reduce((sum, file) => sum + file.bytes, 0);
    const identity = after === undefined ? '' : `; ${after.model} ${after.imei} answers with ${after.revision}`;
    this.#print(`${this.#paint('good', '✓')} ${size(bytes)} written in ${formatDuration(durationMs)}${identity}`);
  }

  #print(text: string): void {
    if (this.#isLineOpen) this.#wipe();
    this.#stream.write(`${text}\n`);
  }

  #draw(text: string): void {
    this.#wipe();
    this.#stream.write(text.slice(0, Math.max(1, this.#stream.columns - 1)));
    this.#isLineOpen = true;
  }

  #wipe(): void {
    cursorTo(this.#stream, 0);
    clearLine(this.#stream, 0);
    this.#isLineOpen = false;
  }
}

const STAGES: Readonly<Record<FlashProgress['stage'], string>> = {
  preflight: 'looking at the module',
  enter: 'entering download mode',
  rom: 'boot ROM',
  fdl1: 'first loader',
  fdl2: 'second loader',
  reset: 'resetting the module',
  boot: 'waiting for the module to boot',
};

function describe({ stage, fileId, doneBytes, totalBytes, bytesPerS, etaS }: FlashProgress): string {
  const share = totalBytes === 0 ? 0 : Math.min(1, doneBytes / totalBytes);
  const cells = Math.round(share * BAR_CELLS);
  const bar = `${'█'.repeat(cells)}${'░'.repeat(BAR_CELLS - cells)}`;
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  const rate = bytesPerS === undefined ? [] : [`${size(bytesPerS)}/s`];
  const eta = etaS === undefined || doneBytes >= totalBytes ? [] : [`${formatDuration(etaS * 1000)} left`];
  return [`${bar} ${percent}`, STAGES[stage], ...(fileId === undefined ? [] : [fileId]), ...rate, ...eta].join('  ');
}

function size(bytes: number): string {
  return bytes < 10_240 ? `${Math.round(bytes)} B` : `${(bytes / 1024).toFixed(1)} KiB`;
}
