import type { Changes } from './changes.ts';
import type { TimelineEvidence } from './evidence.ts';
import type { RunRecord } from './run-record.ts';

/** What report.html carries as JSON in the element of this id; the page is a function of it and of the packed timelines. */
export interface PageData {
  readonly record: RunRecord;
  readonly comparison?: Changes | undefined;
  readonly timelines: readonly PageTimeline[];
}

/** Facts of a timeline; its lines stand in an element of their own, so that nothing reads them before somebody asks. */
export interface PageTimeline extends Omit<TimelineEvidence, 'packed'> {
  /** Id of that element; undefined where the timeline was left out. */
  readonly element?: string | undefined;
}

export const DATA_ELEMENT = 'run-data';
export const PAGE_ELEMENT = 'page';
