import { formatDuration } from '../../format-duration.ts';
import { fit, type Layout, ROW_HEIGHT } from './layout.ts';
import { LANES, type Mark } from './mark.ts';
import type { Activity, Row } from './rows.ts';

const LINE_Y = 25;
const TEXT_Y = 15;
const SIGN_Y = 18;

export function rowId(index: number): string {
  return `event-row-${index}`;
}

interface RowViewProps {
  readonly row: Row;
  readonly index: number;
  readonly count: number;
  readonly layout: Layout;
  readonly isFocused: boolean;
  readonly onPoint: (index: number) => void;
}

export function RowView({ row, index, count, layout, isFocused, onPoint }: RowViewProps) {
  const top = index * ROW_HEIGHT;
  if (row.kind === 'silence') {
    return (
      <g transform={`translate(0 ${top})`} class="silence" aria-hidden="true">
        <ActivityBars state={row.state} layout={layout} />
        <line class="silence-line" x1={layout.timeWidth} x2={layout.width} y1={ROW_HEIGHT / 2} y2={ROW_HEIGHT / 2} />
        <text class="silence-text" x={layout.timeWidth - 8} y={ROW_HEIGHT / 2 + 4} text-anchor="end">
          +{formatDuration(row.ms)}
        </text>
      </g>
    );
  }
  const { mark, isCited, state } = row;
  const { event, family, text } = mark;
  return (
    <g
      transform={`translate(0 ${top})`}
      id={rowId(index)}
      role="option"
      aria-selected={isFocused}
      aria-posinset={index + 1}
      aria-setsize={count}
      class={`event ${family}${isCited ? ' cited' : ''}${isFocused ? ' focused' : ''}`}
      onPointerEnter={() => onPoint(index)}
      onClick={() => onPoint(index)}
    >
      <title>{`${isCited ? 'cited, ' : ''}${event.at.toFixed(1)} ms, ${event.src}: ${text}`}</title>
      <rect class="row-back" x={0} y={0} width={layout.width} height={ROW_HEIGHT} />
      <ActivityBars state={state} layout={layout} />
      {isCited ? <rect class="cited-edge" x={0} y={0} width={4} height={ROW_HEIGHT} /> : null}
      <text class="time" x={layout.timeWidth - 8} y={LINE_Y - 3} text-anchor="end">
        {timeText(event.at, layout.isNarrow)}
      </text>
      {mark.to === undefined ? <SignMark mark={mark} layout={layout} isCited={isCited} /> : <Arrow mark={mark} layout={layout} isCited={isCited} />}
    </g>
  );
}

function timeText(ms: number, isNarrow: boolean): string {
  return isNarrow && ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : ms.toFixed(1);
}

/** Connections that are open, calls that have not returned, callbacks that have not been left. */
function ActivityBars({ state, layout }: { readonly state: Activity; readonly layout: Layout }) {
  const bars = [
    { lane: 'library', isOn: state.calls > 0, width: 8 },
    { lane: 'application', isOn: state.callbacks > 0, width: 8 },
    { lane: 'wire', isOn: state.connections > 0, width: 5 },
  ] as const;
  return (
    <>
      {bars.map(({ lane, isOn, width }) =>
        isOn ? (
          <rect
            key={lane}
            class={`activity ${lane}`}
            x={layout.laneX[lane] - width / 2}
            y={0}
            width={width}
            height={ROW_HEIGHT}
          />
        ) : null,
      )}
    </>
  );
}

interface MarkProps {
  readonly mark: Mark;
  readonly layout: Layout;
  readonly isCited: boolean;
}

function Arrow({ mark, layout, isCited }: MarkProps) {
  const [from, to] = [layout.laneX[mark.from], layout.laneX[mark.to ?? mark.from]];
  const toward = Math.sign(to - from);
  const left = Math.min(from, to) + 10;
  return (
    <>
      <line class={`shaft${mark.isDashed ? ' dashed' : ''}`} x1={from} x2={to - toward * 7} y1={LINE_Y} y2={LINE_Y} />
      <path class="head" d={`M ${to} ${LINE_Y} l ${-8 * toward} -4.5 v 9 z`} />
      {mark.to === 'wire' ? <line class="stop" x1={to} x2={to} y1={LINE_Y - 7} y2={LINE_Y + 7} /> : null}
      {mark.from === 'wire' ? <circle class="head" cx={from} cy={LINE_Y} r={4} /> : null}
      <text class="label" x={left} y={TEXT_Y}>
        {fit(mark.text, layout.width - left - 8, isCited)}
      </text>
    </>
  );
}

function SignMark({ mark, layout, isCited }: MarkProps) {
  const x = layout.laneX[mark.from];
  const isRight = mark.from === 'broker';
  const room = isRight ? x - layout.timeWidth - 16 : layout.width - x - 20;
  return (
    <>
      {mark.family === 'fault' ? (
        <path class="sign-mark" d={`M ${x} ${SIGN_Y - 7} l 7 7 l -7 7 l -7 -7 z`} />
      ) : (
        <circle class="sign-mark" cx={x} cy={SIGN_Y} r={4.5} />
      )}
      <text class="label" x={isRight ? x - 12 : x + 12} y={SIGN_Y + 4} text-anchor={isRight ? 'end' : 'start'}>
        {fit(mark.text, room, isCited)}
      </text>
    </>
  );
}

/** The lanes behind the rows that can be seen. */
export function Lifelines({ layout, top, height }: { readonly layout: Layout; readonly top: number; readonly height: number }) {
  return (
    <>
      {LANES.map((lane) => (
        <line key={lane} class={`lifeline ${lane}`} x1={layout.laneX[lane]} x2={layout.laneX[lane]} y1={top} y2={top + height} />
      ))}
    </>
  );
}

