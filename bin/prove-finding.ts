import { asError } from '../harness/errors.ts';
import { proof, type Stretch, stretchOf } from '../harness/report/proof.ts';
import { isDeviation } from '../harness/report/run-record.ts';
import type { Finding } from '../harness/run/outcome.ts';
import type { TimelineEvent } from '../harness/timeline/events.ts';
import { readTimeline } from '../harness/timeline/read-timeline.ts';
import type { Paint } from './paint.ts';

/** A finding as the console shows it: what, by which rule and clause, and the stretch of timeline that proves it. */
export async function proveFinding(finding: Finding, timeline: string | undefined, paint: Paint): Promise<string> {
  const { rule, clause, kind, message } = finding;
  const tone = isDeviation(finding) ? 'doubtful' : 'bad';
  const headline = `  ${paint(tone, `${rule} (clause ${clause}, ${kind})`)}: ${message}`;
  const stretch = timeline === undefined ? '' : await readProof(finding, timeline);
  return stretch === '' ? headline : `${headline}\n${indent(stretch)}`;
}

/** Empty if the finding cites nothing, or the timeline can't be read: then the finding stands without it. */
async function readProof(finding: Finding, timeline: string): Promise<string> {
  const stretch = stretchOf(finding);
  if (stretch === undefined) return '';
  try {
    return proof(await eventsOf(timeline, stretch), finding);
  } catch (thrown) {
    return `(${asError(thrown).message})`;
  }
}

async function eventsOf(path: string, { from, to }: Stretch): Promise<TimelineEvent[]> {
  const { events } = await readTimeline(path);
  const within: TimelineEvent[] = [];
  for await (const event of events) {
    if (event.n > to) break;
    if (event.n >= from) within.push(event);
  }
  return within;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
