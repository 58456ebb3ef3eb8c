import { once } from 'node:events';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { HarnessError } from '../harness/errors.ts';
import type { CheckedTimeline, Since } from '../harness/run/check-timeline.ts';

export interface Question {
  readonly path: string;
  /** Ids, with commas between; all, and what the scenario expects, if left out. */
  readonly rules: string | undefined;
  readonly strict: boolean;
  readonly since: Since | undefined;
}

/** Memory for what is known for long, and for what was just read. */
export interface JudgeLimits {
  readonly oldMb: number;
  readonly youngMb: number;
}

/** What the judge knows at a time has room in a quarter of it; without a limit V8 lets the rest lie about for as long as there is memory. */
const LIMITS: JudgeLimits = { oldMb: 256, youngMb: 48 };

/** A judge in a thread whose memory is bounded, however long the timelines are and whatever is in them. */
export class JudgeApart implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #oldMb: number;

  constructor({ oldMb, youngMb } = LIMITS) {
    this.#oldMb = oldMb;
    this.#worker = new Worker(join(import.meta.dirname, `judge-worker${extname(import.meta.filename)}`), {
      resourceLimits: { maxOldGenerationSizeMb: oldMb, maxYoungGenerationSizeMb: youngMb },
    });
  }

  /** @throws HarnessError CONFIGURATION — as `checkTimeline`, a rule is not known, or there is too much to know at a time; none is judged after that */
  async check(question: Question): Promise<CheckedTimeline> {
    const decided = new AbortController();
    const answered = once(this.#worker, 'message', decided);
    const ended = once(this.#worker, 'exit', decided).then(() => []);
    this.#worker.postMessage(question);
    try {
      const [checked]: CheckedTimeline[] = await Promise.race([answered, ended]);
      if (checked === undefined) throw new Error('the judge ended without an answer');
      return checked;
    } catch (thrown) {
      throw asTold(thrown, question.path, this.#oldMb);
    } finally {
      decided.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}

/** An error loses its class on its way from another thread, not its members. */
function asTold(thrown: unknown, path: string, oldMb: number): unknown {
  if (!(thrown instanceof Error && 'code' in thrown)) return thrown;
  const { code, message } = thrown;
  const subject = { subject: path };
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    const why = `${path}: to judge it, more than ${oldMb} MB must be known at a time; try fewer --rules`;
    return new HarnessError('CONFIGURATION', why, subject, { cause: thrown });
  }
  return code === 'CONFIGURATION' ? new HarnessError(code, message, subject, { cause: thrown }) : thrown;
}
