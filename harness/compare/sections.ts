import { describeChange, describeScenarios } from '../report/describe-change.ts';
import type { Comparison, FindingChange } from './comparison.ts';
import { describeShift } from './describe-comparison.ts';
import { groupBy } from './group-by.ts';

/** How a reader is to take it. */
export type SectionTone = 'bad' | 'doubtful' | 'good' | 'plain';

export interface Section {
  readonly title: string;
  readonly tone: SectionTone;
  readonly items: readonly SectionItem[];
}

/** One difference: where it is, what it is, and what belongs to it. */
export interface SectionItem {
  /** Identifiers: rule, clause, scenario. */
  readonly names: readonly string[];
  readonly text: string;
  readonly details: readonly string[];
}

/** A comparison as sections, the gravest first; empty ones are left out. Text, Markdown and HTML only dress them. */
export function sectionsOf(comparison: Comparison): readonly Section[] {
  const { newFailures, fixed, changed, deviations, latency, stillFailing } = comparison;
  const all: readonly Section[] = [
    { title: 'New failures', tone: 'bad', items: newFailures.map(findingItem) },
    { title: 'Verdicts lost', tone: 'doubtful', items: comparison.noVerdict.map(verdictItem) },
    { title: 'Changed observations', tone: 'doubtful', items: changed.map(observationItem) },
    { title: 'New deviations', tone: 'doubtful', items: deviations.map(findingItem) },
    { title: 'Latency shifts', tone: 'doubtful', items: latency.map(shiftItem) },
    { title: 'Fixed', tone: 'good', items: fixed.map(findingItem) },
    { title: 'Still failing', tone: 'plain', items: stillFailing.map(findingItem) },
    { title: 'Clauses no longer exercised', tone: 'plain', items: comparison.unexercised.map(clauseItem) },
    { title: 'No longer observed', tone: 'plain', items: comparison.unobserved.map(observationItem) },
    { title: 'Scenarios only in the old run', tone: 'plain', items: scenarioItems(comparison.onlyInOld) },
    { title: 'Scenarios only in the new run', tone: 'plain', items: scenarioItems(comparison.onlyInNew) },
  ];
  return all.filter(({ items }) => items.length > 0);
}

function findingItem({ clause, also, rules, says, message, scenarios }: FindingChange): SectionItem {
  const details = [
    ...(also.length === 0 ? [] : [`with it: ${also.join(', ')}`]),
    `by ${rules.join(', ')}${says === '' ? '' : `; the clause: ${says}`}`,
    ...inScenarios(scenarios),
  ];
  return { names: [clause], text: message, details };
}

function observationItem(change: Comparison['changed'][number]): SectionItem {
  return { names: [change.clause], text: describeChange(change), details: inScenarios(change.scenarios) };
}

function shiftItem(shift: Comparison['latency'][number]): SectionItem {
  return { names: [], text: `${shift.name}: ${describeShift(shift)}`, details: [] };
}

function verdictItem({ scenario, was, is, why }: Comparison['noVerdict'][number]): SectionItem {
  return { names: [scenario], text: `was ${was}, is ${is}${why === '' ? '' : `: ${why}`}`, details: [] };
}

function clauseItem({ clause, kind, says }: Comparison['unexercised'][number]): SectionItem {
  return { names: [clause], text: `${says} (${kind})`, details: [] };
}

/** By area: a run of a part of the scenarios would else fill pages. */
function scenarioItems(scenarios: readonly string[]): SectionItem[] {
  const areas = groupBy(scenarios, (scenario) => scenario.split('/', 1)[0] ?? scenario);
  return [...areas].map(([area, own]) => ({
    names: [area],
    text: `${own.length}: ${describeScenarios(own)}`,
    details: [],
  }));
}

function inScenarios(scenarios: readonly string[]): string[] {
  return scenarios.length === 0 ? [] : [`in ${describeScenarios(scenarios)}`];
}
