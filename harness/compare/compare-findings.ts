import type { RunRecord } from '../report/run-record.ts';
import type { Comparison, FindingChange } from './comparison.ts';
import { type FoundIn, findingsOf, isFailing } from './findings-of.ts';
import { groupBy } from './group-by.ts';
import { isReferred, isSame, type Reference } from './reference.ts';
import { verdictsByScenario } from './verdicts-by-scenario.ts';

type FindingChanges = Pick<Comparison, 'newFailures' | 'fixed' | 'deviations' | 'stillFailing'>;

/** Which findings are new, which are gone, and which stay. */
export function compareFindings(reference: Reference, record: RunRecord): FindingChanges {
  const isKnownByList = knownByList(record);
  const found = record.outcomes.flatMap(findingsOf);
  const fresh = found.filter((finding) => !isReferred(reference, finding) && !isKnownByList.has(keyOf(finding)));
  const stayed = found.filter((finding) => isFailing(finding) && isReferred(reference, finding));
  const group = (findings: readonly FoundIn[]) => groupFindings(findings, record);
  return {
    newFailures: group(fresh.filter(isFailing)),
    fixed: group(goneFrom(reference, record)),
    deviations: group(fresh.filter(({ kind }) => kind === 'inferred')),
    stillFailing: group(stayed),
  };
}

/** Findings of scenarios that are known failures by the list of the user: nothing new about them. */
function knownByList({ outcomes }: RunRecord): ReadonlySet<string> {
  const known = outcomes.filter(({ outcome }) => outcome === 'known-failure');
  return new Set(known.flatMap(findingsOf).map(keyOf));
}

/** Gone only where it would have been seen: a scenario of it came to a verdict, and something exercised its clause. */
function goneFrom({ findings }: Reference, record: RunRecord): FoundIn[] {
  const found = record.outcomes.flatMap(findingsOf);
  const judged = [...verdictsByScenario(record).keys()];
  const exercised = new Set(record.coverage.filter((clause) => clause.exercised > 0).map(({ clause }) => clause));
  return findings
    .filter(({ kind, clause }) => kind !== 'characterised' && exercised.has(clause))
    .filter((finding) => !found.some((one) => isSame(finding, one)))
    .flatMap(({ rule, clause, kind, message, isIn }) =>
      judged.filter(isIn).map((scenario) => ({ rule, clause, kind, message, events: [], scenario })),
    );
}

function keyOf(finding: { readonly rule: string; readonly clause: string; readonly scenario: string }): string {
  return `${finding.scenario} ${ruleAndClause(finding)}`;
}

function ruleAndClause({ rule, clause }: { readonly rule: string; readonly clause: string }): string {
  return `${rule} ${clause}`;
}

/**
 * One entry for what breaks one clause, by however many rules and in however many scenarios; what breaks several clauses in just the same
 * scenarios has one cause, most likely, and is one entry. The most widespread first.
 */
function groupFindings(findings: readonly FoundIn[], { coverage }: RunRecord): FindingChange[] {
  const byClause = [...groupBy(findings, ({ clause }) => clause).values()];
  const byCause = [...groupBy(byClause, (group) => scenariosOf(group).join(' ')).values()].map((groups) =>
    groups.flat(),
  );
  const changes = byCause.flatMap((group): FindingChange[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { clause, rule, kind, message } = first;
    const also = [...new Set(group.map((finding) => finding.clause))].filter((other) => other !== clause);
    const rules = [...new Set(group.map((finding) => finding.rule))];
    const says = coverage.find((covered) => covered.clause === clause)?.says ?? '';
    return [{ clause, also, rule, rules, kind, says, message, scenarios: scenariosOf(group) }];
  });
  return changes.toSorted((a, b) => b.scenarios.length - a.scenarios.length);
}

function scenariosOf(findings: readonly FoundIn[]): readonly string[] {
  return [...new Set(findings.map(({ scenario }) => scenario))];
}
