import { count } from '../../describe-run.ts';
import { isDeviation, type RecordedOutcome, type RunRecord } from '../../run-record.ts';
import { ClauseLink, ScenarioLink } from '../parts/links.tsx';
import { Sign } from '../parts/tone.tsx';

interface Cause {
  readonly rule: string;
  readonly clause: string;
  readonly message: string;
  readonly isDeviation: boolean;
  readonly isKnown: boolean;
  readonly places: readonly Place[];
}

interface Place {
  readonly outcome: RecordedOutcome;
  readonly message: string;
  readonly attempt: number | undefined;
  readonly finding: number;
}

/** Few causes break many scenarios: findings by rule and clause, those that fail first. */
export function Failures({ record }: { readonly record: RunRecord }) {
  const causes = causesOf(record);
  const says = new Map(record.coverage.map((clause) => [clause.clause, clause.says]));
  return (
    <section aria-labelledby="failures">
      <h2 id="failures">What was found</h2>
      {causes.length === 0 ? <p class="quiet">No clause was violated, and nothing deviates.</p> : null}
      {causes.map((cause, index) => (
        <details key={`${cause.rule} ${cause.clause} ${cause.isKnown}`} class="cause" open={index === 0}>
          <summary>
            <Sign tone={toneOf(cause)} />
            <span class="cause-text">
              <b>{cause.message}</b>
              <span class="quiet">
                {cause.rule} · <span class="code">{cause.clause}</span>
                {cause.isDeviation ? ' · deviation' : ''}
                {cause.isKnown ? ' · known failure' : ''}
              </span>
            </span>
            <span class="count">{count(scenariosIn(cause), 'scenario')}</span>
          </summary>
          <p class="says">
            <ClauseLink clause={cause.clause} /> says: {says.get(cause.clause) ?? 'a clause of this project’s own'}
          </p>
          <ul class="places">
            {firstOfEach(cause.places).map(({ outcome, message, attempt, finding }) => (
              <li key={outcome.scenario}>
                <ScenarioLink scenario={outcome.scenario} attempt={attempt} finding={finding} />{' '}
                <span class="quiet">{message === cause.message ? outcome.title : message}</span>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}

function scenariosIn({ places }: Cause): number {
  return firstOfEach(places).length;
}

/** One finding of each scenario leads to it; the others are listed there. */
function firstOfEach(places: readonly Place[]): readonly Place[] {
  const seen = new Set<string>();
  return places.filter(({ outcome: { scenario } }) => !seen.has(scenario) && seen.add(scenario));
}

function toneOf({ isDeviation: deviates, isKnown }: Cause) {
  if (isKnown) return 'known-failure' as const;
  return deviates ? ('deviation' as const) : ('fail' as const);
}

function causesOf({ outcomes }: RunRecord): readonly Cause[] {
  const causes = new Map<string, Omit<Cause, 'places'> & { readonly places: Place[] }>();
  for (const outcome of outcomes) {
    for (const found of outcome.findings) {
      const isKnown = outcome.outcome === 'known-failure';
      const key = `${isKnown} ${found.rule} ${found.clause}`;
      const cause = causes.get(key) ?? {
        rule: found.rule,
        clause: found.clause,
        message: found.message,
        isDeviation: isDeviation(found),
        isKnown,
        places: [],
      };
      causes.set(key, cause);
      const source = outcome.attempts.findLast(({ findings }) => findings.some((other) => isSame(other, found)));
      const finding = source?.findings.findIndex((other) => isSame(other, found)) ?? 0;
      cause.places.push({ outcome, message: found.message, attempt: source?.attempt, finding });
    }
  }
  return [...causes.values()].toSorted((a, b) => rank(a) - rank(b) || scenariosIn(b) - scenariosIn(a));
}

function isSame(a: { rule: string; message: string }, b: { rule: string; message: string }): boolean {
  return a.rule === b.rule && a.message === b.message;
}

function rank({ isDeviation: deviates, isKnown }: Cause): number {
  return Number(deviates) * 2 + Number(isKnown);
}
