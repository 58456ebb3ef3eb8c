import { useMemo, useState } from 'preact/hooks';
import type { OutcomeName } from '../../../run/outcome.ts';
import { count } from '../../describe-run.ts';
import { formatDuration } from '../../format-duration.ts';
import { isDeviation, type RunRecord } from '../../run-record.ts';
import { historiesOf, type ScenarioHistory } from '../data.ts';
import { ScenarioLink } from '../parts/links.tsx';
import { Sign, wordOf } from '../parts/tone.tsx';

const OUTCOMES: readonly OutcomeName[] = ['fail', 'inconclusive', 'known-failure', 'pass', 'skipped'];

/** Every scenario, by area; a search and the outcomes narrow it. */
export function ScenarioList({ record }: { readonly record: RunRecord }) {
  const histories = useMemo(() => historiesOf(record.outcomes), [record]);
  const [words, setWords] = useState('');
  const [outcome, setOutcome] = useState<OutcomeName | undefined>();
  const isNarrowed = words !== '' || outcome !== undefined;
  const shown = histories.filter((history) => isWanted(history, words.toLowerCase(), outcome));
  return (
    <section aria-labelledby="scenarios">
      <h2 id="scenarios">Scenarios</h2>
      <div class="filters">
        <input
          type="search"
          placeholder="Search"
          aria-label="Search scenarios"
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
        <fieldset class="chips">
          <legend class="unseen">Outcome</legend>
          {OUTCOMES.map((name) => {
            const number = histories.filter(({ worst }) => worst.outcome === name).length;
            return number === 0 ? null : (
              <button
                key={name}
                type="button"
                class={`chip ${name}`}
                aria-pressed={outcome === name}
                onClick={() => setOutcome(outcome === name ? undefined : name)}
              >
                <Sign tone={name} /> {wordOf(name)} {number}
              </button>
            );
          })}
        </fieldset>
        <span class="quiet" role="status">
          {isNarrowed ? `${shown.length} of ${histories.length}` : ''}
        </span>
      </div>
      <div class="areas">
        {areasOf(shown).map(([area, some]) => (
          <Area key={area} area={area} histories={some} isOpen={isNarrowed && shown.length <= 60} />
        ))}
      </div>
      {shown.length === 0 ? <p class="quiet">No scenario fits.</p> : null}
    </section>
  );
}

function Area({
  area,
  histories,
  isOpen,
}: {
  readonly area: string;
  readonly histories: readonly ScenarioHistory[];
  readonly isOpen: boolean;
}) {
  const [wasOpened, setWasOpened] = useState(false);
  const tally = OUTCOMES.map((name) => [name, histories.filter(({ worst }) => worst.outcome === name).length] as const);
  return (
    <details class="area" open={isOpen} onToggle={(event) => event.currentTarget.open && setWasOpened(true)}>
      <summary>
        <b>{area}</b> <span class="quiet">{count(histories.length, 'scenario')}</span>
        <span class="tally">
          {tally.map(([name, number]) =>
            number === 0 ? null : (
              <span key={name} class={name}>
                <Sign tone={name} /> {number}
              </span>
            ),
          )}
        </span>
      </summary>
      {isOpen || wasOpened ? <ScenarioRows histories={histories} /> : null}
    </details>
  );
}

/** Scenarios as lines: outcome, name, how long. */
export function ScenarioRows({ histories }: { readonly histories: readonly ScenarioHistory[] }) {
  return (
    <ul class="rows">
      {histories.map(({ scenario, title, worst, outcomes }) => {
        const deviations = outcomes.flatMap(({ findings }) => findings.filter(isDeviation)).length;
        const attempts = outcomes.reduce((sum, one) => sum + one.attempts.length, 0);
        return (
          <li key={scenario}>
            <Sign tone={worst.outcome} />
            <span class="row-text">
              <ScenarioLink scenario={scenario} /> <span class="quiet">{worst.missing === undefined ? title : worst.why}</span>
            </span>
            <span class="quiet figure">
              {deviations > 0 ? (
                <span class="deviation">
                  <Sign tone="deviation" /> {deviations}{' '}
                </span>
              ) : null}
              {attempts > 1 ? `${attempts} attempts, ` : ''}
              {worst.outcome === 'skipped' ? '' : formatDuration(worst.durationMs)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function isWanted({ scenario, title, worst }: ScenarioHistory, words: string, outcome: OutcomeName | undefined): boolean {
  if (outcome !== undefined && worst.outcome !== outcome) return false;
  const text = `${scenario} ${title} ${worst.clauses.join(' ')} ${worst.why ?? ''}`.toLowerCase();
  return words.split(/\s+/u).every((word) => text.includes(word));
}

function areasOf(histories: readonly ScenarioHistory[]): readonly (readonly [string, readonly ScenarioHistory[]])[] {
  const areas = new Map<string, ScenarioHistory[]>();
  for (const history of histories) {
    const area = history.scenario.includes('/') ? history.scenario.slice(0, history.scenario.indexOf('/')) : 'others';
    const some = areas.get(area);
    if (some === undefined) areas.set(area, [history]);
    else some.push(history);
  }
  return [...areas];
}
