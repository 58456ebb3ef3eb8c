import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Attempt, Finding } from '../../../run/outcome.ts';
import type { TimelineEvent } from '../../../timeline/events.ts';
import { describeCheckCommand, describeScenarioCommand } from '../../describe-run.ts';
import { formatDuration } from '../../format-duration.ts';
import type { PageData, PageTimeline } from '../../page-data.ts';
import { isDeviation, type RecordedOutcome } from '../../run-record.ts';
import { Chart } from '../chart/chart.tsx';
import { historiesOf, type ScenarioHistory, unpackTimeline } from '../data.ts';
import { Command } from '../parts/command.tsx';
import { ClauseLink } from '../parts/links.tsx';
import { Badge, Sign } from '../parts/tone.tsx';
import { hrefOf, type Route } from '../route.ts';
import { Crumbs } from './crumbs.tsx';

type Place = Extract<Route, { readonly at: 'scenario' }>;

/** A scenario: how it ended, what was found, and the chart that proves it. */
export function ScenarioPage({ data, place }: { readonly data: PageData; readonly place: Place }) {
  const history = useMemo(
    () => historiesOf(data.record.outcomes).find(({ scenario }) => scenario === place.scenario),
    [data, place.scenario],
  );
  if (history === undefined) {
    const why = data.record.notRun.find(({ scenario }) => scenario === place.scenario)?.why;
    return (
      <>
        <Crumbs way={[]} here={place.scenario} />
        <h1 class="code">{place.scenario}</h1>
        <p>{why === undefined ? 'This run knows no such scenario.' : `It did not run: ${why}.`}</p>
      </>
    );
  }
  return <Scenario data={data} place={place} history={history} />;
}

interface Tried {
  readonly attempt: Attempt;
  readonly outcome: RecordedOutcome;
}

function Scenario({
  data,
  place,
  history,
}: {
  readonly data: PageData;
  readonly place: Place;
  readonly history: ScenarioHistory;
}) {
  const { scenario, title, worst, outcomes } = history;
  const tried = outcomes.flatMap((outcome) => outcome.attempts.map((attempt) => ({ attempt, outcome })));
  const current = tried.find(({ attempt }) => attempt.attempt === place.attempt) ?? tried.findLast(hasFindings) ?? tried.at(-1);
  return (
    <>
      <Crumbs way={crumbsOf(data, worst)} here={scenario} />
      <h1>{title}</h1>
      <p class="scenario-head">
        <Badge tone={worst.outcome} /> <span class="code">{scenario}</span>
        <span class="quiet">
          {worst.file.replace(/^.*[/\\]/u, '')}, lane {worst.lane}, {formatDuration(worst.durationMs)}
        </span>
      </p>
      <p class="cited-clauses">
        <span class="quiet">About</span>{' '}
        {worst.clauses.map((clause) => (
          <ClauseLink key={clause} clause={clause} />
        ))}
      </p>
      {worst.why === undefined ? null : <p class="why">{worst.why}</p>}
      <Attempts scenario={scenario} tried={tried} current={current} />
      {current === undefined ? null : (
        <Evidence key={`${scenario} ${current.attempt.attempt}`} data={data} scenario={scenario} tried={current} place={place} />
      )}
      <h2>Do it again</h2>
      <Command label="This scenario alone, with the run’s seed" text={describeScenarioCommand(data.record, scenario)} />
      {current === undefined ? null : (
        <Command label="Judge this attempt again, without a module" text={describeCheckCommand(current.attempt.timeline)} />
      )}
    </>
  );
}

function hasFindings({ attempt }: Tried): boolean {
  return attempt.findings.length > 0;
}

function crumbsOf({ record }: PageData, { findings, clauses }: RecordedOutcome) {
  const clause = findings[0]?.clause ?? clauses[0];
  const known = record.coverage.some((one) => one.clause === clause);
  return clause !== undefined && known ? [{ text: clause, to: { at: 'clause' as const, clause } }] : [];
}

/** Never hidden: an attempt that passed in the end was not the only one. */
function Attempts({
  scenario,
  tried,
  current,
}: {
  readonly scenario: string;
  readonly tried: readonly Tried[];
  readonly current: Tried | undefined;
}) {
  if (tried.length < 2) return null;
  return (
    <nav class="attempts" aria-label="Attempts">
      <ul>
        {tried.map(({ attempt: { attempt, outcome, durationMs, why } }) => (
          <li key={attempt}>
            <a
              href={hrefOf({ at: 'scenario', scenario, attempt })}
              aria-current={attempt === current?.attempt.attempt ? 'true' : undefined}
            >
              <Sign tone={outcome} /> attempt {attempt}, {formatDuration(durationMs)}
              {why === undefined ? '' : `: ${why}`}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const NOTHING_CITED: ReadonlySet<number> = new Set();

function Evidence({
  data,
  scenario,
  tried: { attempt },
  place,
}: {
  readonly data: PageData;
  readonly scenario: string;
  readonly tried: Tried;
  readonly place: Place;
}) {
  const { findings } = attempt;
  const chosen = Math.min(place.finding ?? 0, findings.length - 1);
  const finding = findings[chosen];
  const cited = useMemo(() => (finding === undefined ? NOTHING_CITED : new Set(finding.events)), [finding]);
  const heading = useShownOnChange(cited);
  const timeline = data.timelines.find((one) => one.timeline === attempt.timeline);
  return (
    <>
      {findings.length === 0 ? null : <h2>{findings.length === 1 ? 'Finding' : `Findings (${findings.length})`}</h2>}
      <ul class="findings">
        {findings.map((one, index) => (
          <FindingItem
            key={`${one.rule} ${one.message}`}
            finding={one}
            href={hrefOf({ at: 'scenario', scenario, attempt: attempt.attempt, finding: index })}
            isChosen={index === chosen}
            says={data.record.coverage.find(({ clause }) => clause === one.clause)?.says ?? ''}
          />
        ))}
      </ul>
      <h2 id="evidence" ref={heading}>
        Evidence
      </h2>
      <TimelineView timeline={timeline} path={attempt.timeline} cited={cited} />
    </>
  );
}

/** Another finding was chosen: what proves it comes into view. */
function useShownOnChange(cited: ReadonlySet<number>) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(cited);
  useEffect(() => {
    if (shown.current === cited) return;
    shown.current = cited;
    heading.current?.scrollIntoView({ block: 'start' });
  }, [cited]);
  return heading;
}

function FindingItem({
  finding: { rule, clause, kind, message, events },
  href,
  isChosen,
  says,
}: {
  readonly finding: Finding;
  readonly href: string;
  readonly isChosen: boolean;
  readonly says: string;
}) {
  const tone = isDeviation({ rule, clause, kind, message, events }) ? 'deviation' : 'fail';
  return (
    <li class={`finding ${tone}${isChosen ? ' chosen' : ''}`}>
      <p class="message">
        <Sign tone={tone} /> <a href={href} aria-current={isChosen ? 'true' : undefined}>{message}</a>
      </p>
      <p class="quiet">
        <ClauseLink clause={clause} /> {says === '' ? '' : `“${says}”`} · rule {rule}, {kind}
        {events.length === 0 ? '' : `, ${events.length === 1 ? 'event' : 'events'} ${events.join(', ')}`}
      </p>
    </li>
  );
}

function TimelineView({
  timeline,
  path,
  cited,
}: {
  readonly timeline: PageTimeline | undefined;
  readonly path: string;
  readonly cited: ReadonlySet<number>;
}) {
  const [events, setEvents] = useState<readonly TimelineEvent[] | undefined>();
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    let isWanted = true;
    if (timeline?.element === undefined) return undefined;
    unpackTimeline(timeline).then(
      (all) => isWanted && setEvents(all),
      (thrown: unknown) => isWanted && setTrouble(String(thrown)),
    );
    return () => {
      isWanted = false;
    };
  }, [timeline]);
  if (timeline?.element === undefined) return <LeftOut path={path} isKnown={timeline !== undefined} />;
  if (trouble !== '') return <p class="why">This browser can’t unpack the timeline ({trouble}). Open {path} beside this file.</p>;
  if (events === undefined) return <div class="chart-wait" aria-busy="true" />;
  return (
    <>
      {timeline.cutTo === undefined ? null : (
        <p class="why">
          The timeline is too long for this file: shown are events {timeline.cutTo.from} to {timeline.cutTo.to} of{' '}
          {timeline.events}. All of them are in <span class="code">{path}</span>.
        </p>
      )}
      <Chart events={events} cited={cited} />
    </>
  );
}

function LeftOut({ path, isKnown }: { readonly path: string; readonly isKnown: boolean }) {
  return (
    <>
      <p class="why">
        {isKnown
          ? 'To keep this file small, this timeline is not in it. It lies beside it; this shows what it proves:'
          : 'This timeline could not be read when the page was made.'}
      </p>
      {isKnown ? <Command label="Judge this attempt again" text={describeCheckCommand(path)} /> : null}
    </>
  );
}
