import type { RunRecord } from '../report/run-record.ts';
import type { Comparison, FindingChange } from './comparison.ts';
import { type FoundIn, findingsOf, isFailing } from './findings-of.ts';
import { groupBy } from './group-by.ts';
import { isReferred, type Reference, type ReferenceFinding } from './reference.ts';
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

/** Gone only where it would have been seen: the scenario came to a verdict, and something exercised rule and clause. */
function goneFrom(reference: Reference, record: RunRecord): FoundIn[] {
  const now = new Set(record.outcomes.flatMap(findingsOf).map(keyOf));
  const foundAnywhere = new Set(record.outcomes.flatMap(findingsOf).map(ruleAndClause));
  const judged = verdictsByScenario(record);
  const exercised = new Set(record.coverage.filter((clause) => clause.exercised > 0).map(({ clause }) => clause));
  const isGone = (finding: ReferenceFinding): boolean =>
    finding.scenario === undefined
      ? !foundAnywhere.has(ruleAndClause(finding))
      : judged.has(finding.scenario) && !now.has(keyOf({ ...finding, scenario: finding.scenario }));
  return reference.findings
    .filter((finding) => finding.kind !== 'characterised' && exercised.has(finding.clause) && isGone(finding))
    .map(({ rule, clause, kind, message, scenario = '' }) => ({ rule, clause, kind, message, events: [], scenario }));
}

function keyOf(finding: { readonly rule: string; readonly clause: string; readonly scenario: string }): string {
  return `${finding.scenario} ${ruleAndClause(finding)}`;
}

function ruleAndClause({ rule, clause }: { readonly rule: string; readonly clause: string }): string {
  return `${rule} ${clause}`;
}

/** One entry for what breaks one clause, by however many rules and in however many scenarios; the most widespread first. */
function groupFindings(findings: readonly FoundIn[], { coverage }: RunRecord): FindingChange[] {
  const changes = [...groupBy(findings, ({ clause }) => clause).values()].flatMap((group): FindingChange[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { clause, kind, message } = first;
    const says = coverage.find((covered) => covered.clause === clause)?.says ?? '';
    const scenarios = [...new Set(group.map(({ scenario }) => scenario))].filter((scenario) => scenario !== '');
    const rules = [...new Set(group.map(({ rule }) => rule))];
    return [{ clause, rules, kind, says, message, scenarios }];
  });
  return changes.toSorted((a, b) => b.scenarios.length - a.scenarios.length);
}
