import { createJudge, type JudgeOptions } from '../oracle/judge.ts';
import type { AnyRule } from '../oracle/rule.ts';
import type { Verdict } from '../oracle/verdict.ts';
import type { TimelineHeader } from '../timeline/events.ts';
import { readTimeline } from '../timeline/read-timeline.ts';
import type { ClauseKind } from './outcome.ts';

export interface CheckOptions extends JudgeOptions {
  readonly rules: readonly AnyRule[];
  readonly clauseKind: (clause: string) => ClauseKind | undefined;
}

export interface CheckedTimeline {
  readonly header: TimelineHeader;
  readonly verdict: Verdict;
  /** Whether the last line was cut short, so that its event is missing. */
  readonly isTorn: boolean;
}

/**
 * Judges a recorded timeline again, from the file alone: the findings are those of the run.
 *
 * @throws HarnessError CONFIGURATION — if the file can't be read or is damaged; the message names the line
 */
export async function checkTimeline(path: string, options: CheckOptions): Promise<CheckedTimeline> {
  const { header, batches, isTorn } = await readTimeline(path);
  const judge = createJudge(header, options.rules, options.clauseKind, options);
  for await (const batch of batches) for (const event of batch) judge.see(event);
  return { header, verdict: judge.end(), isTorn: isTorn() };
}
