import { FAMILIES, type Family } from './mark.ts';

const WORDS: Readonly<Record<Family, string>> = {
  call: 'calls',
  callback: 'callbacks',
  packet: 'packets',
  connection: 'connection',
  fault: 'faults',
  test: 'the test',
  housekeeping: 'housekeeping',
};

interface LegendProps {
  readonly shown: ReadonlySet<Family>;
  readonly onChange: (shown: ReadonlySet<Family>) => void;
  readonly citedRows: readonly number[];
  readonly focused: number;
  readonly onMove: (index: number) => void;
  readonly total: number;
}

/** Which kinds of events are shown, and the way from one cited event to the next. */
export function Legend({ shown, onChange, citedRows, focused, onMove, total }: LegendProps) {
  const next = citedRows.find((index) => index > focused);
  const previous = citedRows.findLast((index) => index < focused);
  return (
    <div class="legend">
      <fieldset class="chips">
        <legend class="unseen">Events shown</legend>
        {FAMILIES.map((family) => (
          <label key={family} class={`chip ${family}`}>
            <input
              type="checkbox"
              checked={shown.has(family)}
              onChange={({ currentTarget }) => {
                const fresh = new Set(shown);
                if (currentTarget.checked) fresh.add(family);
                else fresh.delete(family);
                onChange(fresh);
              }}
            />
            <span class="swatch" aria-hidden="true" /> {WORDS[family]}
          </label>
        ))}
      </fieldset>
      <span class="steps">
        {citedRows.length === 0 ? (
          <span class="quiet">{total} events</span>
        ) : (
          <>
            <span class="quiet">
              {citedRows.length} cited of {total}
            </span>
            <Step label="Previous cited event (p)" sign="↑" to={previous} onMove={onMove} />
            <Step label="Next cited event (n)" sign="↓" to={next} onMove={onMove} />
          </>
        )}
      </span>
    </div>
  );
}

function Step({
  label,
  sign,
  to,
  onMove,
}: {
  readonly label: string;
  readonly sign: string;
  readonly to: number | undefined;
  readonly onMove: (index: number) => void;
}) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      disabled={to === undefined}
      onClick={() => (to === undefined ? undefined : onMove(to))}
    >
      {sign}
    </button>
  );
}
