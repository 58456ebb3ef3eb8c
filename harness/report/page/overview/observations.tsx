import type { Changes } from '../../changes.ts';
import type { RecordedObservation, RunRecord } from '../../run-record.ts';
import { ClauseLink, ScenarioLink } from '../parts/links.tsx';

const SCENARIOS_SHOWN = 2;

interface Characteristic {
  readonly clause: string;
  readonly name: string;
  /** Each value, and the scenarios that saw it. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** What nobody specifies: how this firmware behaves, and how it did. */
export function Observations({
  record,
  comparison,
}: {
  readonly record: RunRecord;
  readonly comparison: Changes | undefined;
}) {
  const all = characteristicsOf(record.observations);
  if (all.length === 0) return null;
  const says = new Map(record.coverage.map(({ clause, says: text }) => [clause, text]));
  const old = new Map(comparison?.changed.map((one) => [`${one.clause} ${one.name}`, one.old.join(', ')]));
  return (
    <section aria-labelledby="observations">
      <h2 id="observations">Observed, where nobody specifies</h2>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Clause</th>
              <th scope="col">What</th>
              <th scope="col">Value</th>
              {comparison === undefined ? null : <th scope="col">Was</th>}
              <th scope="col">Seen in</th>
            </tr>
          </thead>
          <tbody>
            {all.map(({ clause, name, values }) => {
              const was = old.get(`${clause} ${name}`);
              return (
                <tr key={`${clause} ${name}`} class={was === undefined ? '' : 'changed'}>
                  <td title={says.get(clause)}>
                    <ClauseLink clause={clause} />
                  </td>
                  <td>{name}</td>
                  <td>
                    {[...values.keys()].map((value) => (
                      <div key={value} class="value">
                        {value}
                      </div>
                    ))}
                  </td>
                  {comparison === undefined ? null : <td>{was === undefined ? <span class="quiet">the same</span> : <del>{was}</del>}</td>}
                  <td>
                    <SeenIn scenarios={[...new Set([...values.values()].flat())]} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function SeenIn({ scenarios }: { readonly scenarios: readonly string[] }) {
  const left = scenarios.length - SCENARIOS_SHOWN;
  return (
    <span class="where">
      {scenarios.slice(0, SCENARIOS_SHOWN).map((scenario) => (
        <ScenarioLink key={scenario} scenario={scenario} />
      ))}
      {left > 0 ? <span class="quiet">and {left} more</span> : null}
    </span>
  );
}

function characteristicsOf(observations: readonly RecordedObservation[]): readonly Characteristic[] {
  const all = new Map<string, Omit<Characteristic, 'values'> & { readonly values: Map<string, string[]> }>();
  for (const { clause, name, value, scenario } of observations) {
    const key = `${clause} ${name}`;
    const one = all.get(key) ?? { clause, name, values: new Map<string, string[]>() };
    all.set(key, one);
    const seen = one.values.get(String(value));
    if (seen === undefined) one.values.set(String(value), [scenario]);
    else seen.push(scenario);
  }
  return [...all.values()].toSorted((a, b) => a.clause.localeCompare(b.clause, 'en', { numeric: true }));
}
