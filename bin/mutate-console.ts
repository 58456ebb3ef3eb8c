import type { MutateView } from '../harness/mutate/mutate-request.ts';
import type { MutateResult } from '../harness/mutate/mutate-result.ts';
import type { Kill, TriedDefect } from '../harness/mutate/tried-defect.ts';
import { count } from '../harness/report/describe-run.ts';
import { formatDuration } from '../harness/report/format-duration.ts';
import type { Paint } from './paint.ts';

/** Shows defects as lines of text: one as each has been tried. */
export class MutateConsole implements MutateView {
  readonly #stream: NodeJS.WritableStream;
  readonly #paint: Paint;
  readonly #of: number;
  readonly #seen = new Set<string>();

  /** @param of how many defects there are to try */
  constructor(stream: NodeJS.WritableStream, paint: Paint, of: number) {
    this.#stream = stream;
    this.#paint = paint;
    this.#of = of;
  }

  note(text: string): void {
    this.#print(this.#paint('faint', text));
  }

  tried(defect: TriedDefect): void {
    this.#seen.add(defect.name);
    const place = this.#paint('faint', `[${this.#seen.size}/${this.#of}]`);
    const took = this.#paint('faint', `${count(defect.scenarios, 'scenario')}, ${formatDuration(defect.durationMs)}`);
    this.#print(`${this.#mark(defect)} ${defect.name}  ${this.#verdict(defect)}  ${took} ${place}`);
  }

  summarise({ defects, survivors, falseAlarms, controlled, troubles, bugs }: MutateResult): void {
    const killed = defects.filter(({ killedBy }) => killedBy !== null);
    const rightly = killed.filter(({ killedBy }) => killedBy?.isItsClause === true);
    this.#print('');
    for (const { name, family, clause, gloss } of defects.filter(({ killedBy }) => killedBy === null)) {
      this.#print(`${this.#paint('bad', 'survives')}  ${name} (${family}, ${clause}): ${gloss}`);
    }
    for (const { scenario, rule, clause, message } of falseAlarms) {
      this.#print(`${this.#paint('bad', 'false alarm')}  ${scenario}: ${rule} (${clause}): ${message}`);
    }
    for (const trouble of troubles) this.#print(`${this.#paint('doubtful', 'trouble')}  ${trouble}`);
    for (const bug of bugs) this.#print(`${this.#paint('bad', 'bug of the harness')}  ${bug}`);
    const tone = survivors.length > 0 || falseAlarms.length > 0 ? 'bad' : 'good';
    this.#print(
      [
        this.#paint(tone, `killed ${killed.length} of ${defects.length}`),
        `${rightly.length} by the clause that they break`,
        count(survivors.length, 'survivor'),
        `${count(falseAlarms.length, 'false alarm')} in ${count(controlled, 'scenario')} without a defect`,
      ].join(', '),
    );
  }

  #mark({ killedBy }: TriedDefect): string {
    if (killedBy === null) return this.#paint('bad', '✗');
    return killedBy.isItsClause ? this.#paint('good', '✓') : this.#paint('doubtful', '~');
  }

  #verdict({ clause, killedBy, told }: TriedDefect): string {
    if (killedBy === null) return this.#paint('bad', `survives (${clause})`);
    if (killedBy.isItsClause) return describeKill(killedBy);
    return `${describeKill(killedBy)}, not by ${clause}; told: ${told.join(', ')}`;
  }

  #print(text: string): void {
    this.#stream.write(`${text}\n`);
  }
}

function describeKill({ rule, clause, kind, scenario }: Kill): string {
  return `${rule} (${clause}, ${kind}) in ${scenario}`;
}
