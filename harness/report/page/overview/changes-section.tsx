import type { ChangedFinding, Changes, ShiftedLatency } from '../../changes.ts';
import type { ObservationChange } from '../../run-record.ts';
import type { RunRecord } from '../../run-record.ts';
import { formatInstant } from '../parts/format-instant.ts';
import { formatNumber } from '../parts/format-number.ts';
import { ClauseLink, ScenarioLink } from '../parts/links.tsx';
import { Sign } from '../parts/tone.tsx';

const SCENARIOS_SHOWN = 3;

/** What is not as it was: new and mended failures, other observations, new deviations, shifted latencies. */
export function ChangesSection({
  comparison,
  record,
}: {
  readonly comparison: Changes | undefined;
  readonly record: RunRecord;
}) {
  return (
    <section aria-labelledby="changes">
      <h2 id="changes">What changed since the baseline</h2>
      {comparison === undefined ? <NoBaseline record={record} /> : <Since comparison={comparison} />}
    </section>
  );
}

function NoBaseline({ record }: { readonly record: RunRecord }) {
  return (
    <p class="quiet">
      There is no baseline for {record.module.sku}. <code>qlhil baseline accept RUN</code> makes this run one;{' '}
      <code>qlhil compare OLD NEW</code> compares any two.
    </p>
  );
}

function Since({ comparison }: { readonly comparison: Changes }) {
  const { old, newFailures, fixed, changed, deviations, latency } = comparison;
  const isSame = [newFailures, fixed, changed, deviations, latency].every(({ length }) => length === 0);
  return (
    <>
      <p class="quiet">
        Against the {old.kind} of {old.sku} <span class="code">{old.revision}</span>, {formatInstant(old.started)}.
        {isSame ? ' Nothing changed.' : ''}
      </p>
      <Findings title="New failures" tone="fail" findings={newFailures} />
      <Findings title="Fixed" tone="pass" findings={fixed} />
      <Observations changed={changed} />
      <Findings title="New deviations" tone="deviation" findings={deviations} />
      <Latency shifts={latency} />
    </>
  );
}

function Findings({
  title,
  tone,
  findings,
}: {
  readonly title: string;
  readonly tone: 'fail' | 'pass' | 'deviation';
  readonly findings: readonly ChangedFinding[];
}) {
  if (findings.length === 0) return null;
  return (
    <>
      <h3>
        {title} ({findings.length})
      </h3>
      <ul class="lines">
        {findings.map(({ rules, clause, message, scenarios }) => (
          <li key={clause}>
            <Sign tone={tone} /> <ClauseLink clause={clause} /> {message} <span class="quiet">({rules.join(', ')})</span>{' '}
            <Scenarios scenarios={scenarios} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Scenarios({ scenarios }: { readonly scenarios: readonly string[] }) {
  const left = scenarios.length - SCENARIOS_SHOWN;
  return (
    <span class="where">
      {scenarios.slice(0, SCENARIOS_SHOWN).map((scenario) => (
        <ScenarioLink key={scenario} scenario={scenario} />
      ))}
      {left > 0 ? ` and ${left} more` : ''}
    </span>
  );
}

function Observations({ changed }: { readonly changed: readonly ObservationChange[] }) {
  if (changed.length === 0) return null;
  return (
    <>
      <h3>Changed observations ({changed.length})</h3>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Clause</th>
              <th scope="col">What</th>
              <th scope="col">Was</th>
              <th scope="col">Is</th>
            </tr>
          </thead>
          <tbody>
            {changed.map((one) => (
              <tr key={`${one.clause} ${one.name}`}>
                <td>
                  <ClauseLink clause={one.clause} />
                </td>
                <td>{one.name}</td>
                <td>
                  <del>{one.old.join(', ')}</del>
                </td>
                <td>
                  <ins>{one.new.join(', ')}</ins>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Latency({ shifts }: { readonly shifts: readonly ShiftedLatency[] }) {
  if (shifts.length === 0) return null;
  return (
    <>
      <h3>Latency shifts ({shifts.length})</h3>
      <ul class="lines">
        {shifts.map(({ name, unit, oldMedian, newMedian, shift, interval: [low, high], pValue, pairs }) => (
          <li key={name}>
            <b>{name}</b>: {formatNumber(oldMedian)} → {formatNumber(newMedian)} {unit} ({shift > 0 ? '+' : ''}
            {formatNumber(shift)} {unit}, between {formatNumber(low)} and {formatNumber(high)}){' '}
            <span class="quiet">
              p {pValue < 0.001 ? '< 0.001' : `= ${pValue.toFixed(3)}`}, {pairs} pairs
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
