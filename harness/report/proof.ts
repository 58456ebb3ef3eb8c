import type { Finding } from '../run/outcome.ts';
import type { TimelineEvent } from '../timeline/events.ts';
import { describeEvent } from './describe-event.ts';

/** Which part of a timeline proves a finding. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Events shown between two that prove something; more are counted, not shown. */
const BETWEEN_SHOWN = 6;
const SAYS_LITTLE: ReadonlySet<TimelineEvent['k']> = new Set(['clock', 'leave', 'measure', 'noise', 'sync', 'wait']);

/** The shortest stretch, in event numbers: what lies outside it may be left unread. Undefined if the finding cites nothing. */
export function stretchOf({ events }: Pick<Finding, 'events'>): Stretch | undefined {
  return events.length === 0 ? undefined : { from: Math.min(...events), to: Math.max(...events) };
}

/**
 * The text of that stretch: a line an event with time, source and what happened, those that the finding cites marked with ►.
 *
 * `events` are the timeline's, or no more than those of the stretch.
 */
export function proof(events: Iterable<TimelineEvent>, finding: Pick<Finding, 'events'>): string {
  const stretch = stretchOf(finding);
  if (stretch === undefined) return '';
  const cited = new Set(finding.events);
  // What the module did is heard later than it happened: in the file it may stand after what it caused.
  const within = [...events]
    .filter(({ n, k }) => isWithin(n, stretch) && (cited.has(n) || !SAYS_LITTLE.has(k)))
    .toSorted((a, b) => a.at - b.at || a.n - b.n);
  const width = Math.max(0, ...within.map((event) => timeText(event).length));
  return runs(within, cited)
    .flatMap((run) => shown(run, cited, width))
    .join('\n');
}

/** Cuts the events into runs of cited and of other ones. */
function runs(events: readonly TimelineEvent[], cited: ReadonlySet<number>): readonly TimelineEvent[][] {
  const all: TimelineEvent[][] = [];
  for (const event of events) {
    const open = all.at(-1);
    const first = open?.[0];
    if (open !== undefined && first !== undefined && cited.has(first.n) === cited.has(event.n)) open.push(event);
    else all.push([event]);
  }
  return all;
}

function shown(run: readonly TimelineEvent[], cited: ReadonlySet<number>, width: number): readonly string[] {
  const lines = run.map((event) => line(event, cited.has(event.n), width));
  const [first] = run;
  if (first === undefined || cited.has(first.n) || lines.length <= BETWEEN_SHOWN) return lines;
  const half = BETWEEN_SHOWN / 2;
  const left = lines.length - 2 * half;
  return [...lines.slice(0, half), `  ${' '.repeat(width)}  … ${left} more`, ...lines.slice(-half)];
}

function line(event: TimelineEvent, isCited: boolean, width: number): string {
  return `${isCited ? '►' : ' '} ${timeText(event).padStart(width)}  ${event.src.padEnd('broker'.length)}  ${describeEvent(event)}`;
}

function timeText({ at }: TimelineEvent): string {
  return `${at.toFixed(1)} ms`;
}

function isWithin(n: number, { from, to }: Stretch): boolean {
  return n >= from && n <= to;
}
