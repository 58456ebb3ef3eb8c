import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Evidence, PageBundle } from './evidence.ts';
import { renderReports as render } from './render-reports.ts';
import type { RunRecord } from './run-record.ts';
import { sampleFinding, sampleOutcome, sampleRun } from './sample-run.ts';

const mixed = sampleRun(
  [
    sampleOutcome({ scenario: 'publish/passes', findings: [sampleFinding({ kind: 'inferred', clause: 'INF-1' })] }),
    sampleOutcome({ scenario: 'publish/fails', outcome: 'fail', findings: [sampleFinding()] }),
    sampleOutcome({ scenario: 'publish/unclear', outcome: 'inconclusive', why: 'the port vanished' }),
    sampleOutcome({ scenario: 'publish/left-out', outcome: 'skipped', missing: 'power' }),
    sampleOutcome({ scenario: 'publish/known', outcome: 'known-failure', why: 'ticket 7' }),
  ],
  {
    notRun: [{ scenario: 'publish/never', why: 'the time was up (--max-duration)' }],
    problems: [{ where: 'x.scenario.ts', message: 'boom\nat x' }],
  },
);

const bundle: PageBundle = {
  script: 'run();',
  style: 'p{}',
  scriptHash: 'sha256-script',
  styleHash: 'sha256-style',
};
const renderReports = (record: RunRecord, evidence: Evidence = { timelines: [] }) => render(record, evidence, bundle);
const junit = (record: RunRecord): string => renderReports(record)['junit.xml'] ?? '';
const elementOf = (xml: string, name: string): string =>
  xml.slice(xml.indexOf(`name="${name}"`)).split('</testcase>')[0] ?? '';

test('JUnit says failure for the module, error for the rig, skipped for what was left out', () => {
  const xml = junit(mixed);

  expect(xml).toContain('tests="7" failures="1" errors="3" skipped="2"');
  expect(elementOf(xml, 'publish/fails')).toContain('<failure message="CB-01 (M-10.request-callback, specified)');
  expect(elementOf(xml, 'publish/unclear')).toContain('<error message="the port vanished"');
  expect(elementOf(xml, 'publish/left-out')).toContain('<skipped message="missing: power"');
  expect(elementOf(xml, 'publish/known')).toContain('<skipped message="known failure: ticket 7"');
  expect(elementOf(xml, 'publish/never')).toContain('<error message="the time was up (--max-duration)"');
  expect(elementOf(xml, 'x.scenario.ts')).toContain('<error message="boom"');
});

test('a deviation leaves a scenario passed in JUnit, with a property and a text', () => {
  const passed = elementOf(junit(mixed), 'publish/passes');

  expect(passed).not.toMatch(/<failure|<error|<skipped/u);
  expect(passed).toContain('<property name="deviations" value="INF-1"/>');
  expect(passed).toContain('deviation: CB-01 (INF-1)');
});

const changed = {
  clause: 'D-3',
  name: 'err at a time-out',
  old: [257],
  new: ['<b>', -9],
  scenarios: ['publish/qos1@mqtt'],
};
const baseline = { path: 'baselines/EC200U-CN.yaml', revision: 'R1', started: '2026-01-01T00:00:00Z' };
const withChange = (failOnChange: boolean) =>
  sampleRun([sampleOutcome(), sampleOutcome({ scenario: 'publish/other' })], {
    baseline,
    failOnChange,
    changesOf: () => [changed],
  });

test('a change leaves a scenario passed in JUnit, with a property and a text, and fails it when it is to', () => {
  const [told, failed] = [junit(withChange(false)), junit(withChange(true))];

  expect(told).toContain('tests="2" failures="0"');
  expect(elementOf(told, 'publish/qos1@mqtt')).toContain('<property name="changed" value="D-3"/>');
  expect(elementOf(told, 'publish/qos1@mqtt')).toContain('err at a time-out: 257 → &lt;b&gt; or -9');
  expect(failed).toContain('tests="2" failures="1"');
  expect(elementOf(failed, 'publish/qos1@mqtt')).toContain('<failure message="changed against the baseline (D-3)');
  expect(elementOf(failed, 'publish/other')).not.toContain('failure');
});

test('Markdown says what changed against which baseline', () => {
  expect(renderReports(withChange(false))['summary.md']).toContain(
    '- `D-3`: err at a time-out: 257 → \\<b\\> or -9 (in publish/qos1@mqtt)',
  );
});

test('JUnit carries SKU, revision and seed of the suite', () => {
  expect(junit(mixed)).toContain('<property name="sku" value="EC200U-CN"/>');
  expect(junit(mixed)).toContain('<property name="revision" value="EC200UCNAAR03A07M08_OCPU"/>');
  expect(junit(mixed)).toContain('<property name="seed" value="7"/>');
});

test('every report names the module, the totals and the failed clause', () => {
  for (const [name, text] of Object.entries(renderReports(mixed))) {
    expect([name, text.includes('EC200UCNAAR03A07M08_OCPU')]).toEqual([name, true]);
    expect([name, text.includes('M-10.request-callback')]).toEqual([name, true]);
    expect([name, text.includes('publish/fails')]).toEqual([name, true]);
  }
});

test('the page forbids whatever is not in it', () => {
  expect(renderReports(mixed)['report.html']).toContain(
    "content=\"default-src 'none'; script-src 'sha256-script'; style-src 'sha256-style'; base-uri 'none'; form-action 'none'\"",
  );
});

test('no text from outside ends the element that it is embedded in', () => {
  const message = '</script><script>alert(1)</script><!--';
  const run = sampleRun([sampleOutcome({ outcome: 'fail', title: message, findings: [sampleFinding({ message })] })]);

  const html = renderReports(run)['report.html'] ?? '';

  expect(html.match(/<script/gu)).toHaveLength(2);
  expect(html).not.toContain('<!--');
  expect(embedded(html)).toMatchObject({ record: { outcomes: [{ title: message, findings: [{ message }] }] } });
});

test('a packed timeline stands in an element of its own, and its facts name it', () => {
  const facts = { startedAt: '2026-03-04T05:06:07.000Z', events: 3, noise: 0, portLosses: 0, unfired: [] };
  const timelines = [
    { ...facts, timeline: 'timelines/left-out.1.ndjson' },
    { ...facts, timeline: 'timelines/there.1.ndjson', packed: 'AAAA' },
  ];

  const html = renderReports(mixed, { timelines })['report.html'] ?? '';

  expect(html).toContain('<script type="text/plain" id="timeline-1">AAAA</script>');
  expect(embedded(html)).toMatchObject({
    timelines: [
      { ...facts, timeline: 'timelines/left-out.1.ndjson' },
      { ...facts, timeline: 'timelines/there.1.ndjson', element: 'timeline-1' },
    ],
  });
});

function embedded(html: string): unknown {
  return JSON.parse(
    /<script type="application\/json" id="run-data">(?<json>.*)<\/script>/u.exec(html)?.groups?.['json'] ?? '',
  );
}

// Any garbage that a serial line may have put into a message, lone surrogates and control characters included.
const garbage = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) });

test('the command that does it again can be pasted into a shell', () => {
  const command = ['qlhil', 'run', '--module', 'virtual?seed=7&defect=x', '--grep', "it's"];

  const { 'summary.md': markdown } = renderReports(sampleRun([sampleOutcome()], { command }));

  expect(markdown).toContain(String.raw`qlhil run --module 'virtual?seed=7&defect=x' --grep 'it'\''s'`);
});

test('garbage in a message leaves XML and HTML well-formed', () => {
  fc.assert(
    fc.property(garbage, garbage, (message, why) => {
      const run = sampleRun([
        sampleOutcome({ outcome: 'fail', findings: [sampleFinding({ message })] }),
        sampleOutcome({ scenario: 'a/b', outcome: 'inconclusive', why }),
      ]);

      const reports = renderReports(run);

      expect(findMarkupError(reports['junit.xml'] ?? '')).toBeUndefined();
      expect(findMarkupError(stripHtmlVoids(reports['report.html'] ?? ''))).toBeUndefined();
    }),
  );
});

function stripHtmlVoids(html: string): string {
  return html
    .replace('<!doctype html>\n', '')
    .replaceAll(/<meta [^>]*>/gu, '')
    .replaceAll(/<script[^>]*>[^<]*<\/script>/gu, '');
}

/** Characters that XML can't hold, raw `<` or `&`, tags that do not nest. */
function findMarkupError(text: string): string | undefined {
  if (/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(text)) return 'a character that XML lacks';
  const open: string[] = [];
  const tags = /<\?xml [^<>]*\?>|<(?<close>\/?)(?<name>[a-z0-9]+)(?: [a-z-]+="[^"<>]*")*(?<empty>\/?)>/gu;
  for (const { groups } of text.matchAll(tags)) {
    const { close, name, empty } = groups ?? {};
    if (name === undefined || empty === '/') continue;
    if (close !== '/') open.push(name);
    else if (open.pop() !== name) return `</${name}> does not fit`;
  }
  const rest = text.replaceAll(tags, '').replaceAll(/<style>[^<]*<\/style>/gu, '');
  if (rest.includes('<')) return 'a raw <';
  if (/&(?!amp;|lt;|gt;|quot;|#39;)/u.test(rest)) return 'a raw &';
  return open.length === 0 ? undefined : `<${open.join('> <')}> left open`;
}

test('Markdown from outside becomes neither table nor link', () => {
  const run = sampleRun([
    sampleOutcome({ outcome: 'fail', findings: [sampleFinding({ message: '| [x](y) <b>\n# z' })] }),
  ]);

  expect(renderReports(run)['summary.md']).toContain(String.raw`\| \[x\](y) \<b\> \# z`);
});
