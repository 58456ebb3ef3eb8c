import { useMemo } from 'preact/hooks';
import type { PageData } from '../../page-data.ts';
import { weighEvidence } from '../../weigh-evidence.ts';
import { Answer } from './answer.tsx';
import { Banners } from './banners.tsx';
import { ChangesSection } from './changes-section.tsx';
import { ClauseMatrix } from './clause-matrix.tsx';
import { Failures } from './failures.tsx';
import { Measurements } from './measurements.tsx';
import { Observations } from './observations.tsx';
import { Reproduce } from './reproduce.tsx';
import { ScenarioList } from './scenario-list.tsx';
import { Timing } from './timing.tsx';

/** First the answer, then what weakens it, then why. */
export function Overview({ data }: { readonly data: PageData }) {
  const { record, comparison, timelines } = data;
  const weaknesses = useMemo(() => weighEvidence(record, timelines), [record, timelines]);
  return (
    <>
      <Answer record={record} comparison={comparison} />
      <Banners weaknesses={weaknesses} />
      <ChangesSection comparison={comparison} record={record} />
      <Failures record={record} />
      <ClauseMatrix record={record} />
      <ScenarioList record={record} />
      <Observations record={record} comparison={comparison} />
      <Measurements record={record} />
      <Timing record={record} timelines={timelines} />
      <Reproduce record={record} timelines={timelines} />
    </>
  );
}
