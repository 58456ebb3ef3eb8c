import type { Evidence, PageBundle } from './evidence.ts';
import { renderHtml } from './render-html.ts';
import { renderJunit } from './render-junit.ts';
import { renderMarkdown } from './render-markdown.ts';
import type { RunRecord } from './run-record.ts';

/** The report files of a run, by name. */
export function renderReports(
  record: RunRecord,
  evidence: Evidence,
  bundle: PageBundle,
): Readonly<Record<string, string>> {
  return {
    'junit.xml': renderJunit(record),
    'summary.md': renderMarkdown(record),
    'report.html': renderHtml(record, evidence, bundle),
  };
}
