import type { Changes } from '../../changes.ts';
import { count, describeSpan } from '../../describe-run.ts';
import { adviseOn } from '../../release-advice.ts';
import type { RunRecord, Totals } from '../../run-record.ts';
import { formatInstant } from '../parts/format-instant.ts';

/** SKU, revision, verdict, totals, what changed: what a release depends on, before anything else. */
export function Answer({ record, comparison }: { readonly record: RunRecord; readonly comparison: Changes | undefined }) {
  const { module, started, lanes, seed } = record;
  const { tone, headline, reason } = adviseOn(record);
  const copies = lanes.length > 1 ? ` × ${lanes.length}` : '';
  return (
    <section class={`answer ${tone}`} aria-labelledby="verdict">
      <p class="who">
        {module.sku} · <span class="code">{module.revision}</span>
      </p>
      <h1 id="verdict">{headline}</h1>
      <p class="reason">{reason}</p>
      <p class="change">{changeInWords(comparison)}</p>
      <TotalsBar totals={record.totals} />
      <dl class="facts">
        <Fact name="Module" value={`${module.spec}${copies}`} />
        <Fact name="SDK" value={module.sdk} />
        <Fact name="Shim" value={module.shim} />
        <Fact name="IMEI" value={module.imei} />
        <Fact name="Started" value={formatInstant(started)} />
        <Fact name="Took" value={describeSpan(record)} />
        <Fact name="Seed" value={String(seed)} />
        <Fact name="Exit code" value={String(record.exitCode)} />
      </dl>
    </section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function changeInWords(comparison: Changes | undefined): string {
  if (comparison === undefined) return 'No baseline: whether anything changed is not known.';
  const { newFailures, fixed, changed, deviations, latency, old } = comparison;
  const parts = [
    ...some(newFailures.length, 'new failure'),
    ...some(fixed.length, 'failure', 'fixed'),
    ...some(changed.length, 'observation', 'changed'),
    ...some(deviations.length, 'new deviation'),
    ...some(latency.length, 'latency shift'),
  ];
  const since = `${old.kind === 'baseline' ? 'the baseline' : 'the run'} of ${old.sku} ${old.revision}`;
  return parts.length === 0 ? `Nothing changed since ${since}.` : `Since ${since}: ${parts.join(', ')}.`;
}

function some(number: number, noun: string, after = ''): string[] {
  return number === 0 ? [] : [`${count(number, noun)}${after === '' ? '' : ` ${after}`}`];
}

const PARTS = [
  ['pass', 'passed', 'pass'],
  ['fail', 'failed', 'fail'],
  ['inconclusive', 'inconclusive', 'inconclusive'],
  ['knownFailure', 'known to fail', 'known-failure'],
  ['skipped', 'skipped', 'skipped'],
  ['notRun', 'not run', 'not-run'],
] as const;

function TotalsBar({ totals }: { readonly totals: Totals }) {
  const parts = PARTS.filter(([name]) => totals[name] > 0);
  return (
    <>
      <div class="totals-bar" aria-hidden="true">
        {parts.map(([name, , tone]) => (
          <span key={name} class={tone} style={{ flexGrow: totals[name] }} />
        ))}
      </div>
      <ul class="totals" aria-label="Totals">
        <li>
          <b>{totals.scenarios}</b> scenarios
        </li>
        {parts.map(([name, word, tone]) => (
          <li key={name} class={tone}>
            <b>{totals[name]}</b> {word}
          </li>
        ))}
        {totals.deviations > 0 ? (
          <li class="deviation">
            <b>{totals.deviations}</b> {totals.deviations === 1 ? 'deviation' : 'deviations'}
          </li>
        ) : null}
        {totals.flaky > 0 ? (
          <li class="inconclusive">
            <b>{totals.flaky}</b> flaky
          </li>
        ) : null}
      </ul>
    </>
  );
}
