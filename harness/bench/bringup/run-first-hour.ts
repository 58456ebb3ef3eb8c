import { type CheckResult, examineVisit } from '../doctor/examine.ts';
import { HOST_CHECKS } from '../doctor/host-checks.ts';
import { Visit, type VisitOptions } from '../doctor/visit.ts';
import { bringUp, type FactResult } from './bring-up.ts';
import { FirstHour } from './first-hour.ts';
import { keepTranscript } from './keep-transcript.ts';
import { liveParts } from './live-parts.ts';
import { TRANSCRIPT_SCHEMA, type TranscriptEntry } from './transcript.ts';

export interface FirstHourResult {
  readonly checks: readonly CheckResult[];
  /** None if a check is bad. */
  readonly facts: readonly FactResult[];
}

export interface FirstHourView {
  check(result: CheckResult): void;
  fact(result: FactResult): void;
  /** What goes into the transcript, as it happens. */
  keep(entry: TranscriptEntry): void;
}

/** This side of the cable first, then the facts about the module. */
export async function runFirstHour(options: VisitOptions, view: FirstHourView): Promise<FirstHourResult> {
  await using visit = new Visit(options);
  const checks = await examineVisit(visit, HOST_CHECKS, (result) => view.check(result));
  if (checks.some(({ state }) => state !== 'good')) return { checks, facts: [] };
  const parts = liveParts(visit);
  view.keep({
    k: 'header',
    schema: TRANSCRIPT_SCHEMA,
    started: new Date(options.nowMs()).toISOString(),
    atPort: parts.atPort,
    apn: parts.apn,
  });
  await using hour = new FirstHour(keepTranscript(parts, (entry) => view.keep(entry)));
  const facts = await bringUp(hour, (result) => {
    view.keep({ k: 'fact', id: result.fact.id, holds: result.holds, saw: result.saw });
    view.fact(result);
  });
  return { checks, facts };
}
