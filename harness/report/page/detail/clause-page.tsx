import { chapterOf, stateOf } from '../../chapters.ts';
import { count } from '../../describe-run.ts';
import type { PageData } from '../../page-data.ts';
import { historiesOf } from '../data.ts';
import { ScenarioRows } from '../overview/scenario-list.tsx';
import { ScenarioLink } from '../parts/links.tsx';
import { Badge, Sign } from '../parts/tone.tsx';
import { Crumbs } from './crumbs.tsx';

/** A clause: what it says, what broke it, which scenarios are about it. */
export function ClausePage({ data, clause }: { readonly data: PageData; readonly clause: string }) {
  const { coverage, outcomes } = data.record;
  const covered = coverage.find((one) => one.clause === clause);
  const chapter = chapterOf({ clause, source: covered?.source ?? '' });
  const citing = historiesOf(outcomes.filter(({ clauses }) => clauses.includes(clause)));
  const found = outcomes.flatMap((outcome) =>
    outcome.attempts.flatMap(({ attempt, findings }) =>
      findings.flatMap((finding, index) => (finding.clause === clause ? [{ outcome, attempt, finding, index }] : [])),
    ),
  );
  return (
    <>
      <Crumbs way={[{ text: chapter, to: { at: 'chapter', chapter } }]} here={clause} />
      <h1 class="code">{clause}</h1>
      {covered === undefined ? null : (
        <>
          <p class="clause-says">“{covered.says}”</p>
          <p>
            <Badge tone={stateOf(covered)} />{' '}
            <span class="quiet">
              {covered.kind} · {covered.source} · exercised {count(covered.exercised, 'time')}, violated{' '}
              {count(covered.violated, 'time')}
            </span>
          </p>
        </>
      )}
      {found.length === 0 ? null : <h2>Findings ({found.length})</h2>}
      <ul class="places">
        {found.map(({ outcome, attempt, finding, index }) => (
          <li key={`${outcome.scenario} ${attempt} ${index}`}>
            <Sign tone={finding.kind === 'inferred' ? 'deviation' : 'fail'} />{' '}
            <ScenarioLink scenario={outcome.scenario} attempt={attempt} finding={index} /> {finding.message}{' '}
            <span class="quiet">({finding.rule})</span>
          </li>
        ))}
      </ul>
      <h2>Scenarios that are about it ({citing.length})</h2>
      {citing.length === 0 ? (
        <p class="quiet">None by name: rules watch over it in every scenario.</p>
      ) : (
        <ScenarioRows histories={citing} />
      )}
    </>
  );
}
