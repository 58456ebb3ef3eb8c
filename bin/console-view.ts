import { count } from '../harness/report/describe-run.ts';
import { formatDuration } from '../harness/report/format-duration.ts';
import { isDeviation } from '../harness/report/run-record.ts';
import type { OutcomeName, ScenarioOutcome } from '../harness/run/outcome.ts';
import type { BegunRun, RunView } from '../harness/run/run-view.ts';
import type { Paint, Tone } from './paint.ts';

const MARKS: Readonly<Record<OutcomeName, readonly [string, Tone]>> = {
  pass: ['✓', 'good'],
  fail: ['✗', 'bad'],
  inconclusive: ['?', 'doubtful'],
  'known-failure': ['~', 'doubtful'],
  skipped: ['-', 'faint'],
};

/** Shows a run as lines of text: one a finished scenario. */
export class ConsoleView implements RunView {
  readonly paint: Paint;
  readonly #stream: NodeJS.WritableStream;
  #groups = 1;

  constructor(stream: NodeJS.WritableStream, paint: Paint) {
    this.#stream = stream;
    this.paint = paint;
  }

  note(text: string): void {
    this.print(this.paint('faint', text));
  }

  begun({ folder, scenarios, modules, groups, seed }: BegunRun): void {
    this.#groups = groups;
    this.note(`${count(scenarios, 'scenario')} on ${count(modules, 'module')}, seed ${seed}, record in ${folder}`);
  }

  outcome(outcome: ScenarioOutcome): void {
    const [mark, tone] = MARKS[outcome.outcome];
    const took = this.paint('faint', formatDuration(outcome.durationMs));
    const module = this.#groups > 1 ? `${outcome.module.spec}  ` : '';
    this.print(`${this.paint(tone, mark)} ${module}${outcome.scenario}  ${took}${this.#remark(outcome)}`);
  }

  print(text: string): void {
    this.#stream.write(`${text}\n`);
  }

  #remark({ outcome, findings, attempts, why, missing }: ScenarioOutcome): string {
    const deviations = outcome === 'pass' ? findings.filter(isDeviation).length : 0;
    const remarks = [
      ...(outcome === 'skipped' && missing !== undefined ? [`missing: ${missing}`] : []),
      ...(outcome !== 'pass' && why !== undefined ? [why] : []),
      ...(deviations > 0 ? [count(deviations, 'deviation')] : []),
      ...(attempts.length > 1 ? [count(attempts.length, 'attempt')] : []),
    ];
    return remarks.length === 0 ? '' : `  ${this.paint('doubtful', remarks.join('; '))}`;
  }
}
