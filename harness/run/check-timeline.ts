import { createJudge, type Judge, type JudgeOptions } from '../oracle/judge.ts';
import type { AnyRule } from '../oracle/rule.ts';
import type { Verdict } from '../oracle/verdict.ts';
import type { TimelineEvent, TimelineHeader } from '../timeline/events.ts';
import { readTimeline } from '../timeline/read-timeline.ts';
import type { ClauseKind } from './outcome.ts';

export interface CheckOptions extends JudgeOptions {
  readonly rules: readonly AnyRule[];
  readonly clauseKind: (clause: string) => ClauseKind | undefined;
  /** Only what is found from there on counts. The rules still read the timeline from its start: they must know what led up to it. */
  readonly since?: Since;
}

/** A place in a timeline: the number of an event, or a time in ms from its start. */
export type Since = { readonly n: number } | { readonly ms: number };

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
  let ahead = options.since;
  for await (const batch of batches) ahead = seeAll(judge, batch, ahead);
  if (ahead !== undefined) judge.dropFindings();
  return { header, verdict: judge.end(), isTorn: isTorn() };
}

/** @returns what is still ahead */
function seeAll(judge: Judge, batch: readonly TimelineEvent[], since: Since | undefined): Since | undefined {
  let ahead = since;
  for (const event of batch) {
    if (ahead !== undefined && isReached(ahead, event)) {
      ahead = undefined;
      judge.dropFindings();
    }
    judge.see(event);
  }
  return ahead;
}

function isReached(since: Since, { n, at }: TimelineEvent): boolean {
  return 'n' in since ? n >= since.n : at >= since.ms;
}
