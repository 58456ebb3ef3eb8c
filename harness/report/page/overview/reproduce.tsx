import { count, describeCommand } from '../../describe-run.ts';
import type { PageTimeline } from '../../page-data.ts';
import type { RunRecord } from '../../run-record.ts';
import { Command } from '../parts/command.tsx';

/** How to do it again, and what this file does not hold. */
export function Reproduce({
  record,
  timelines,
}: {
  readonly record: RunRecord;
  readonly timelines: readonly PageTimeline[];
}) {
  const left = timelines.filter(({ element }) => element === undefined);
  const cut = timelines.filter(({ cutTo }) => cutTo !== undefined);
  return (
    <section aria-labelledby="again">
      <h2 id="again">Do it again</h2>
      <Command label="The whole run, with its seed" text={describeCommand(record)} />
      <p class="quiet">
        {left.length + cut.length === 0
          ? 'Every timeline of this run is in this file.'
          : `To keep this file small, ${count(left.length, 'timeline')} of ${timelines.length} ${left.length === 1 ? 'is' : 'are'} not in it${cut.length > 0 ? `, and of ${cut.length} only the part around the findings` : ''}. They lie beside it; this judges them again:`}
      </p>
      {left.length + cut.length === 0 ? null : (
        <Command label="Judge the timelines again" text="qlhil check timelines/*.ndjson" />
      )}
    </section>
  );
}
