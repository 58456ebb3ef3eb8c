import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { TimelineEvent } from '../../../timeline/events.ts';
import { EventDetails } from './event-details.tsx';
import { Legend } from './legend.tsx';
import { type Layout, layoutOf, ROW_HEIGHT } from './layout.ts';
import { FAMILIES, type Family, LANES, type Lane } from './mark.ts';
import { rowsOf } from './rows.ts';
import { Lifelines, RowView, rowId } from './row-view.tsx';

const HEADS: Readonly<Record<Lane, readonly [wide: string, narrow: string]>> = {
  application: ['application', 'app'],
  library: ['ql_mqtt', 'ql_mqtt'],
  wire: ['wire', 'wire'],
  broker: ['broker', 'broker'],
};
/** Rows drawn beyond what is seen, so that a quick scroll does not outrun the drawing. */
const BEYOND = 12;
const SHOWN_FIRST: readonly Family[] = FAMILIES.filter((family) => family !== 'housekeeping');

interface ChartProps {
  readonly events: readonly TimelineEvent[];
  /** Numbers of the events that prove the finding in view. */
  readonly cited: ReadonlySet<number>;
}

/** A message sequence chart. Only the rows that can be seen are in the document, however many there are. */
export function Chart({ events, cited }: ChartProps) {
  const [shown, setShown] = useState<ReadonlySet<Family>>(new Set(SHOWN_FIRST));
  const rows = useMemo(() => rowsOf(events, cited, shown), [events, cited, shown]);
  const citedRows = useMemo(
    () => rows.flatMap((row, index) => (row.kind === 'event' && row.isCited ? [index] : [])),
    [rows],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const view = useView(scroller);
  const layout = useMemo(() => layoutOf(view.width), [view.width]);
  const [focused, setFocused] = useState(0);
  useScrollToEvidence({ scroller, citedRows, cited, setFocused });

  const move = (index: number) => {
    const to = skipSilence(index, focused, rows);
    setFocused(to);
    scrollIntoView(scroller.current, to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = moved(event.key, { focused, citedRows, count: rows.length, page: Math.floor(view.height / ROW_HEIGHT) });
    if (to === undefined) return;
    event.preventDefault();
    move(to);
  };
  const first = Math.max(0, Math.floor(view.top / ROW_HEIGHT) - BEYOND);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / ROW_HEIGHT) + BEYOND);
  const row = rows[focused];
  return (
    <div class="chart">
      <div class="chart-main">
        <Legend
          shown={shown}
          onChange={setShown}
          citedRows={citedRows}
          focused={focused}
          onMove={move}
          total={events.length}
        />
        <LaneHeads layout={layout} />
        <div class="chart-body">
          <div
            class="chart-scroller"
            ref={scroller}
            tabIndex={0}
            role="listbox"
            aria-label="Events in the order of time"
            aria-activedescendant={focused >= first && focused < last && row?.kind === 'event' ? rowId(focused) : undefined}
            onKeyDown={onKeyDown}
          >
            <div class="chart-space" style={{ height: `${rows.length * ROW_HEIGHT}px` }}>
              <svg
                role="presentation"
                width={layout.width}
                height={(last - first) * ROW_HEIGHT}
                viewBox={`0 ${first * ROW_HEIGHT} ${layout.width} ${Math.max(1, (last - first) * ROW_HEIGHT)}`}
                style={{ top: `${first * ROW_HEIGHT}px` }}
              >
                <Lifelines layout={layout} top={first * ROW_HEIGHT} height={(last - first) * ROW_HEIGHT} />
                {rows.slice(first, last).map((one, offset) => (
                  <RowView
                    key={first + offset}
                    row={one}
                    index={first + offset}
                    count={rows.length}
                    layout={layout}
                    isFocused={first + offset === focused}
                    onPoint={setFocused}
                  />
                ))}
              </svg>
            </div>
          </div>
          <Rail count={rows.length} citedRows={citedRows} onMove={move} />
        </div>
      </div>
      <EventDetails event={row?.kind === 'event' ? row.mark.event : undefined} />
    </div>
  );
}

/** Where the evidence lies in the whole, beside the scroll bar. */
function Rail({
  count,
  citedRows,
  onMove,
}: {
  readonly count: number;
  readonly citedRows: readonly number[];
  readonly onMove: (index: number) => void;
}) {
  return (
    <div class="rail" aria-hidden="true">
      {citedRows.map((index) => (
        <span key={index} style={{ top: `${(index / Math.max(1, count)) * 100}%` }} onClick={() => onMove(index)} />
      ))}
    </div>
  );
}

function LaneHeads({ layout }: { readonly layout: Layout }) {
  return (
    <div class="lane-heads" aria-hidden="true">
      <span class="lane-time" style={{ width: `${layout.timeWidth - 8}px` }}>
        {layout.isNarrow ? 'time' : 'time, ms'}
      </span>
      {LANES.map((lane) => (
        <span key={lane} class="lane-head" style={{ left: `${layout.laneX[lane]}px` }}>
          {HEADS[lane][layout.isNarrow ? 1 : 0]}
        </span>
      ))}
    </div>
  );
}

interface View {
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What of the scroller is seen: follows its size and its scrolling, once a frame. */
function useView(scroller: { readonly current: HTMLDivElement | null }): View {
  const [view, setView] = useState<View>({ top: 0, width: 800, height: 480 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    let isAsked = false;
    const look = () => {
      isAsked = false;
      const { scrollTop, clientWidth, clientHeight } = element;
      setView((now) =>
        now.top === scrollTop && now.width === clientWidth && now.height === clientHeight
          ? now
          : { top: scrollTop, width: clientWidth, height: clientHeight },
      );
    };
    const ask = () => {
      if (isAsked) return;
      isAsked = true;
      requestAnimationFrame(look);
    };
    look();
    const sizes = new ResizeObserver(ask);
    sizes.observe(element);
    element.addEventListener('scroll', ask, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', ask);
    };
  }, []);
  return view;
}

/** Once, for each finding that comes into view: its first event stands where it is seen with what led to it. */
function useScrollToEvidence({
  scroller,
  citedRows,
  cited,
  setFocused,
}: {
  readonly scroller: { readonly current: HTMLDivElement | null };
  readonly citedRows: readonly number[];
  readonly cited: ReadonlySet<number>;
  readonly setFocused: (index: number) => void;
}): void {
  const done = useRef<ReadonlySet<number> | undefined>(undefined);
  useEffect(() => {
    const [first] = citedRows;
    if (done.current === cited || scroller.current === null) return;
    done.current = cited;
    // What broke the clause is the last event cited; where all of them fit, they are all seen.
    const last = citedRows.at(-1);
    if (first === undefined || last === undefined) return;
    const rowsSeen = scroller.current.clientHeight / ROW_HEIGHT;
    const target = last - first < rowsSeen - 2 ? first - 1 : last - rowsSeen / 2;
    scroller.current.scrollTop = Math.max(0, target * ROW_HEIGHT);
    setFocused(last);
  }, [cited, citedRows]);
}

function scrollIntoView(element: HTMLDivElement | null, index: number): void {
  if (element === null) return;
  const top = index * ROW_HEIGHT;
  const { scrollTop, clientHeight } = element;
  if (top < scrollTop) element.scrollTop = top - ROW_HEIGHT;
  else if (top + ROW_HEIGHT > scrollTop + clientHeight) element.scrollTop = top - clientHeight + 2 * ROW_HEIGHT;
}

interface Around {
  readonly focused: number;
  readonly citedRows: readonly number[];
  readonly count: number;
  readonly page: number;
}

function moved(key: string, { focused, citedRows, count, page }: Around): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return focused + 1;
    case 'ArrowUp':
      return focused - 1;
    case 'PageDown':
      return focused + page;
    case 'PageUp':
      return focused - page;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    case 'n':
      return citedRows.find((index) => index > focused);
    case 'p':
      return citedRows.findLast((index) => index < focused);
    default:
      return undefined;
  }
}

function skipSilence(index: number, from: number, rows: readonly { readonly kind: string }[]): number {
  const within = Math.min(rows.length - 1, Math.max(0, index));
  if (rows[within]?.kind !== 'silence') return within;
  return index >= from ? Math.min(rows.length - 1, within + 1) : Math.max(0, within - 1);
}
