import { useRef, useState } from 'preact/hooks';
import { formatDuration } from '../../format-duration.ts';
import type { PageTimeline } from '../../page-data.ts';
import type { RecordedOutcome, RunRecord } from '../../run-record.ts';
import { Sign } from '../parts/tone.tsx';
import { hrefOf } from '../route.ts';

const WIDTH = 1000;
const LANE_HEIGHT = 30;
const AXIS_HEIGHT = 20;
const LEAST_WIDTH = 0.8;

interface Bar {
  readonly lane: number;
  readonly fromMs: number;
  readonly durationMs: number;
  readonly outcome: RecordedOutcome;
  readonly attempt: number;
}

/** When each attempt ran, on which module: what took long, and what the others did meanwhile. */
export function Timing({
  record,
  timelines,
}: {
  readonly record: RunRecord;
  readonly timelines: readonly PageTimeline[];
}) {
  const bars = barsOf(record, timelines);
  const [focused, setFocused] = useState(0);
  const svg = useRef<SVGSVGElement>(null);
  if (bars.length === 0) return null;
  const totalMs = Math.max(Date.parse(record.ended) - Date.parse(record.started), ...bars.map(endOf));
  const height = record.lanes.length * LANE_HEIGHT + AXIS_HEIGHT;
  const x = (ms: number) => (ms / totalMs) * WIDTH;
  const current = bars[focused];
  const open = (bar: Bar | undefined) => {
    if (bar !== undefined) location.hash = hrefOf({ at: 'scenario', scenario: bar.outcome.scenario, attempt: bar.attempt });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = moved(focused, event.key, bars.length);
    if (event.key === 'Enter') open(current);
    else if (next !== undefined) setFocused(next);
    else return;
    event.preventDefault();
  };
  return (
    <section aria-labelledby="timing">
      <h2 id="timing">Timing of the run</h2>
      <p class="quiet">A bar an attempt, a row a module. Arrow keys walk along, Enter opens.</p>
      <div class="timing" role="application" aria-label="Attempts by time" tabIndex={0} onKeyDown={onKeyDown}>
        <svg ref={svg} viewBox={`0 0 ${WIDTH} ${height}`} preserveAspectRatio="none" height={height} aria-hidden="true">
          {bars.map((bar, index) => (
            <rect
              key={index}
              class={`bar ${bar.outcome.outcome}${index === focused ? ' focused' : ''}`}
              x={x(bar.fromMs)}
              y={(bar.lane - 1) * LANE_HEIGHT + 3}
              width={Math.max(LEAST_WIDTH, x(bar.durationMs))}
              height={LANE_HEIGHT - 6}
              onPointerEnter={() => setFocused(index)}
              onClick={() => open(bar)}
            />
          ))}
        </svg>
        <div class="scale quiet" aria-hidden="true">
          <span>0</span>
          <span>{formatDuration(totalMs / 2)}</span>
          <span>{formatDuration(totalMs)}</span>
        </div>
      </div>
      <p class="timing-now" aria-live="polite">
        {current === undefined ? null : (
          <>
            <Sign tone={current.outcome.outcome} />{' '}
            <a class="code" href={hrefOf({ at: 'scenario', scenario: current.outcome.scenario, attempt: current.attempt })}>
              {current.outcome.scenario}
            </a>{' '}
            <span class="quiet">
              module {current.lane}, at {formatDuration(current.fromMs)}, took {formatDuration(current.durationMs)}
            </span>
          </>
        )}
      </p>
      <Slowest bars={bars} />
    </section>
  );
}

const SLOWEST_SHOWN = 5;

function Slowest({ bars }: { readonly bars: readonly Bar[] }) {
  const slowest = bars.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, SLOWEST_SHOWN);
  return (
    <p class="quiet">
      Longest:{' '}
      {slowest.map(({ outcome, attempt, durationMs }, index) => (
        <span key={`${outcome.scenario} ${attempt}`}>
          {index === 0 ? '' : ', '}
          <a class="code" href={hrefOf({ at: 'scenario', scenario: outcome.scenario, attempt })}>
            {outcome.scenario}
          </a>{' '}
          {formatDuration(durationMs)}
        </span>
      ))}
    </p>
  );
}

function barsOf({ started, outcomes }: RunRecord, timelines: readonly PageTimeline[]): readonly Bar[] {
  const startOf = new Map(timelines.map(({ timeline, startedAt }) => [timeline, Date.parse(startedAt)]));
  const zero = Date.parse(started);
  return outcomes
    .flatMap((outcome) =>
      outcome.attempts.flatMap(({ attempt, timeline, durationMs }) => {
        const fromMs = (startOf.get(timeline) ?? Number.NaN) - zero;
        return Number.isFinite(fromMs) ? [{ lane: outcome.lane, fromMs, durationMs, outcome, attempt }] : [];
      }),
    )
    .toSorted((a, b) => a.fromMs - b.fromMs);
}

function endOf({ fromMs, durationMs }: Bar): number {
  return fromMs + durationMs;
}

function moved(from: number, key: string, length: number): number | undefined {
  const to = { ArrowRight: from + 1, ArrowLeft: from - 1, Home: 0, End: length - 1 }[key];
  return to === undefined ? undefined : Math.min(length - 1, Math.max(0, to));
}
