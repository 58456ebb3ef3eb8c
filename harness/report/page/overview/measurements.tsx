import type { Measurement } from '../../../run/outcome.ts';
import { count } from '../../describe-run.ts';
import type { RunRecord } from '../../run-record.ts';
import { formatNumber } from '../parts/format-number.ts';
import { type Distribution, distributionOf } from './distribution.ts';

const WIDTH = 400;
const HEIGHT = 34;
const MARGIN = 6;

/** How long things took, as distributions: a median says nothing about the one that took a second. */
export function Measurements({ record }: { readonly record: RunRecord }) {
  const all = record.measurements.filter(({ samples }) => samples.length > 0);
  if (all.length === 0) return null;
  return (
    <section aria-labelledby="measurements">
      <h2 id="measurements">Measurements</h2>
      <p class="quiet">
        Each dot is a sample, on a logarithmic scale. The box spans the middle half, the line in it is the median.
      </p>
      <div class="measurements">
        {all.map((measurement) => (
          <Plot key={`${measurement.name} ${measurement.unit}`} measurement={measurement} />
        ))}
      </div>
    </section>
  );
}

function Plot({ measurement: { name, unit, samples } }: { readonly measurement: Measurement }) {
  const spread = distributionOf(samples);
  const figures = `median ${formatNumber(spread.median)} ${unit}, 95 % up to ${formatNumber(spread.p95)}, from ${formatNumber(spread.min)} to ${formatNumber(spread.max)}`;
  return (
    <figure class="measurement">
      <figcaption>
        <b>{name}</b>{' '}
        <span class="quiet">
          {count(samples.length, 'sample')}, {figures}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${name}: ${figures}`}>
        <Box spread={spread} />
        {spread.dots.map(({ value, level }, index) => (
          <circle key={index} class="sample" cx={x(value, spread)} cy={HEIGHT / 2 + level} r={2} />
        ))}
      </svg>
      <div class="scale quiet" aria-hidden="true">
        <span>
          {formatNumber(spread.min)} {unit}
        </span>
        <span>
          {formatNumber(spread.max)} {unit}
        </span>
      </div>
    </figure>
  );
}

function Box({ spread }: { readonly spread: Distribution }) {
  const [from, to, middle] = [x(spread.q1, spread), x(spread.q3, spread), x(spread.median, spread)];
  return (
    <>
      <line class="axis" x1={MARGIN} x2={WIDTH - MARGIN} y1={HEIGHT / 2} y2={HEIGHT / 2} />
      <rect class="box" x={from} y={4} width={Math.max(1, to - from)} height={HEIGHT - 8} rx={2} />
      <line class="median" x1={middle} x2={middle} y1={2} y2={HEIGHT - 2} />
    </>
  );
}

function x(value: number, { place }: Distribution): number {
  return MARGIN + place(value) * (WIDTH - 2 * MARGIN);
}
