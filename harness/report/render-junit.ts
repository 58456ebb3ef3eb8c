import { describeChange } from './describe-change.ts';
import { describeHealed } from './describe-run.ts';
import { escapeMarkup } from './escape-markup.ts';
import { isDeviation, type RecordedOutcome, type RunRecord } from './run-record.ts';

/** JUnit: `failure` is the module's, `error` the rig's or the harness's; known failures are `skipped` with their reason. */
export function renderJunit(record: RunRecord): string {
  const { module, seed, totals, problems, notRun, started, ended } = record;
  const healed = record.knownFailures.filter(({ isHealed }) => isHealed);
  const attributes = {
    name: `ql-mqtt-hil ${module.sku}`,
    tests: totals.scenarios + problems.length + healed.length,
    failures:
      totals.fail + healed.length + record.outcomes.filter((outcome) => isFailedByChange(outcome, record)).length,
    errors: totals.inconclusive + totals.notRun + problems.length,
    skipped: totals.skipped + totals.knownFailure,
    time: seconds(Date.parse(ended) - Date.parse(started)),
    timestamp: started.slice(0, 19),
  };
  const properties = {
    sku: module.sku,
    revision: module.revision,
    module: module.spec,
    sdk: module.sdk,
    shim: module.shim,
    seed: String(seed),
  };
  const cases = [
    ...record.outcomes.map((outcome) => renderCase(outcome, record)),
    ...notRun.map(({ scenario, why }) => testCase(scenario, 0, element('error', { message: why }))),
    ...healed.map((known) =>
      testCase(
        `${known.rule} ${known.clause}`,
        0,
        element('failure', { message: describeHealed(known), type: known.clause }),
      ),
    ),
    ...problems.map(({ where, message }) =>
      testCase(where, 0, element('error', { message: firstLine(message) }, message)),
    ),
  ];
  const suite = element('testsuite', attributes, raw([renderProperties(properties), ...cases]));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', {}, raw([suite]))}`;
}

function renderCase(outcome: RecordedOutcome, record: RunRecord): string {
  const { scenario, durationMs, findings, clauses } = outcome;
  const changes = changesIn(outcome, record);
  const deviations = findings.filter(isDeviation);
  const properties = renderProperties({
    title: outcome.title,
    clauses: clauses.join(' '),
    ...(deviations.length === 0 ? {} : { deviations: deviations.map(({ clause }) => clause).join(' ') }),
    ...(changes.length === 0 ? {} : { changed: [...new Set(changes.map(({ clause }) => clause))].join(' ') }),
    ...(outcome.attempts.length > 1 ? { attempts: outcome.attempts.map((attempt) => attempt.outcome).join(' ') } : {}),
  });
  const result = isFailedByChange(outcome, record) ? renderChanges(changes) : renderResult(outcome);
  return testCase(scenario, durationMs, properties + result + renderOutput(outcome, changes));
}

function changesIn({ scenario }: RecordedOutcome, { changes }: RunRecord): RunRecord['changes'] {
  return changes.filter(({ scenarios }) => scenarios.includes(scenario));
}

/** It passed, and a change against the baseline was asked to fail. */
function isFailedByChange(outcome: RecordedOutcome, record: RunRecord): boolean {
  return record.failOnChange && outcome.outcome === 'pass' && changesIn(outcome, record).length > 0;
}

function renderChanges(changes: RunRecord['changes']): string {
  const text = changes.map(changeText).join('\n');
  return element('failure', { message: firstLine(text), type: changes[0]?.clause ?? 'changed' }, text);
}

function changeText(change: RunRecord['changes'][number]): string {
  return `changed against the baseline (${change.clause}): ${describeChange(change)}`;
}

function renderResult({ outcome, findings, why = '', missing }: RecordedOutcome): string {
  const text = findings.map(({ rule, clause, kind, message }) => `${rule} (${clause}, ${kind}): ${message}`).join('\n');
  switch (outcome) {
    case 'fail':
      return element('failure', { message: firstLine(text || why), type: findings[0]?.clause ?? 'fail' }, text || why);
    case 'inconclusive':
      return element('error', { message: firstLine(why), type: 'inconclusive' }, [why, text].join('\n').trim());
    case 'known-failure':
      return element('skipped', { message: `known failure: ${why || firstLine(text)}` });
    case 'skipped':
      return element('skipped', { message: why || `missing: ${missing ?? 'unknown'}` });
    default:
      return '';
  }
}

function renderOutput({ outcome, findings, attempts }: RecordedOutcome, changes: RunRecord['changes']): string {
  const deviations = outcome === 'pass' ? findings.filter(isDeviation) : [];
  const lines = [
    ...deviations.map(({ rule, clause, message }) => `deviation: ${rule} (${clause}): ${message}`),
    ...changes.map(changeText),
    ...attempts.map(({ attempt, timeline }) => `attempt ${attempt}: ${timeline}`),
  ];
  return lines.length === 0 ? '' : element('system-out', {}, lines.join('\n'));
}

function testCase(scenario: string, durationMs: number, content: string): string {
  const area = scenario.includes('/') ? scenario.slice(0, scenario.indexOf('/')) : 'scenario';
  const attributes = { classname: `qlhil.${area}`, name: scenario, time: seconds(durationMs) };
  return element('testcase', attributes, raw([content]));
}

function renderProperties(properties: Readonly<Record<string, string>>): string {
  const all = Object.entries(properties).map(([name, value]) => element('property', { name, value }));
  return element('properties', {}, raw(all));
}

interface Raw {
  readonly markup: string;
}

function raw(parts: readonly string[]): Raw {
  return { markup: `\n${parts.join('')}` };
}

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: string | Raw = '',
): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeMarkup(String(value))}"`);
  const inner = typeof content === 'string' ? escapeMarkup(content) : content.markup;
  return inner === '' ? `<${name}${pairs.join('')}/>\n` : `<${name}${pairs.join('')}>${inner}</${name}>\n`;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
