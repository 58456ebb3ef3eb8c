import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import type { Evidence, TimelineEvidence } from '../report/evidence.ts';
import { type Candidate, rankTimelines } from '../report/rank-timelines.ts';
import type { RunRecord } from '../report/run-record.ts';
import { timelineFacts } from '../report/timeline-facts.ts';

/** Of all packed timelines together, and of each: a page of a whole run stays below 5 MB. */
export interface PageBudget {
  readonly allBytes: number;
  readonly eachBytes: number;
}

const BUDGET: PageBudget = { allBytes: 3_600_000, eachBytes: 600_000 };
/** Of a timeline that is too long: so many lines before, and after, what its findings cite. */
const LINES_AROUND = 500;

/** Reads the timelines of a run from its folder, and packs those for the page that fit, the ones that decide first. */
export function readEvidence(folder: string, { outcomes }: RunRecord, budget = BUDGET): Evidence {
  let leftBytes = budget.allBytes;
  const timelines: TimelineEvidence[] = [];
  for (const candidate of rankTimelines(outcomes)) {
    const text = readIfThere(join(folder, candidate.timeline));
    if (text === undefined) continue;
    const evidence = { timeline: candidate.timeline, ...timelineFacts(text) };
    const packed = packWithin(text, candidate, Math.min(leftBytes, budget.eachBytes));
    leftBytes -= packed.packed?.length ?? 0;
    timelines.push({ ...evidence, ...packed });
  }
  return { timelines };
}

/** A record may have outlived its timelines, e.g. as the only file that a CI job kept. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function packWithin(text: string, candidate: Candidate, bytes: number): Pick<TimelineEvidence, 'packed' | 'cutTo'> {
  const whole = pack(text);
  if (whole.length <= bytes) return { packed: whole };
  if (candidate.cited === undefined) return {};
  const lines = text.split('\n');
  const cutTo = {
    from: Math.max(1, candidate.cited.from - LINES_AROUND),
    // Before the first is the header, after the last LF nothing.
    to: Math.min(lines.length - 2, candidate.cited.to + LINES_AROUND),
  };
  // Event n stands in line n + 1; the header stays.
  const part = pack([lines[0], ...lines.slice(cutTo.from, cutTo.to + 1), ''].join('\n'));
  return part.length <= bytes ? { packed: part, cutTo } : {};
}

function pack(text: string): string {
  return deflateRawSync(text).toString('base64');
}
