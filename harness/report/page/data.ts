import { isTimelineEvent } from '../../timeline/event-shape.ts';
import type { TimelineEvent } from '../../timeline/events.ts';
import { DATA_ELEMENT, type PageData, type PageTimeline } from '../page-data.ts';
import type { RecordedOutcome } from '../run-record.ts';

/** The run that the page shows: embedded in it by the same release of the harness. */
export function readPageData(): PageData {
  const data: PageData = JSON.parse(textOf(DATA_ELEMENT));
  return data;
}

/** The events of a timeline that the page carries; rejects if the browser can't unpack them. */
export async function unpackTimeline({ element }: PageTimeline): Promise<readonly TimelineEvent[]> {
  if (element === undefined) return [];
  await documentIsWhole();
  const bytes = Uint8Array.from(atob(textOf(element)), (character) => character.charCodeAt(0));
  const lines = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const text = await new Response(lines).text();
  return text.split('\n').slice(1).flatMap(decode);
}

/** A last line may be cut short: of a process that was killed. */
function decode(line: string): TimelineEvent[] {
  if (line === '') return [];
  try {
    const event: unknown = JSON.parse(line);
    return isTimelineEvent(event) ? [event] : [];
  } catch {
    return [];
  }
}

/** The packed timelines stand at the end of the page, so that it shows before they are read. */
function documentIsWhole(): Promise<void> {
  if (document.readyState !== 'loading') return Promise.resolve();
  return new Promise((resolve) => document.addEventListener('DOMContentLoaded', () => resolve(), { once: true }));
}

function textOf(id: string): string {
  return document.getElementById(id)?.textContent ?? '';
}

/** All that happened to one scenario: repeated or shared by lanes, it has several outcomes. */
export interface ScenarioHistory {
  readonly scenario: string;
  readonly title: string;
  /** The gravest. */
  readonly worst: RecordedOutcome;
  readonly outcomes: readonly RecordedOutcome[];
}

const GRAVITY: readonly string[] = ['fail', 'inconclusive', 'known-failure', 'pass', 'skipped'];

export function historiesOf(outcomes: readonly RecordedOutcome[]): readonly ScenarioHistory[] {
  const all = new Map<string, RecordedOutcome[]>();
  for (const outcome of outcomes) {
    const known = all.get(outcome.scenario);
    if (known === undefined) all.set(outcome.scenario, [outcome]);
    else known.push(outcome);
  }
  return [...all].flatMap(([scenario, some]) => {
    const [worst] = some.toSorted((a, b) => GRAVITY.indexOf(a.outcome) - GRAVITY.indexOf(b.outcome));
    return worst === undefined ? [] : [{ scenario, title: worst.title, worst, outcomes: some }];
  });
}
