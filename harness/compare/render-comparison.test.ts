import { expect, test } from '@jest/globals';
import { sampleFinding, sampleOutcome, sampleRun } from '../report/sample-run.ts';
import { compareWith } from './compare-with.ts';
import { referenceFromRun } from './reference-from-run.ts';
import { renderComparisonHtml } from './render-html.ts';
import { renderComparisonMarkdown } from './render-markdown.ts';

const observed = (value: string) => [{ clause: 'D-3', name: 'err of a request that timed out', value }];
const passed = (observation: string) => sampleOutcome({ observations: observed(observation) });
const failed = sampleOutcome({
  outcome: 'fail',
  observations: observed('257 | <b>'),
  findings: [sampleFinding({ message: 'no callback | <script>alert(1)</script>' })],
});
const worse = compareWith(referenceFromRun(sampleRun([passed('-9')])), sampleRun([failed]));
const same = compareWith(referenceFromRun(sampleRun([failed])), sampleRun([failed]));

test('Markdown says the answer in its first line, then who, then what, old and new value included', () => {
  const markdown = renderComparisonMarkdown(worse);

  expect(markdown.split('\n')[0]).toBe('### EC200U-CN: 1 new failure, 1 changed observation');
  expect(markdown).toContain('| new | EC200U-CN EC200UCNAAR03A07M08_OCPU (virtual:EC200U-CN): 1 scenario');
  expect(markdown).toContain('- `M-10.request-callback` no callback');
  expect(markdown).toContain(String.raw`err of a request that timed out: -9 → 257 \| \<b\>`);
});

test('what did not change is said, and what stays is folded away', () => {
  const markdown = renderComparisonMarkdown(same);

  expect(markdown.split('\n')[0]).toBe('### EC200U-CN: no difference');
  expect(markdown).toMatch(/<details><summary>Still failing \(1\)<\/summary>/u);
});

test('nothing from outside becomes markup, and the page asks nothing of a network', () => {
  const html = renderComparisonHtml([worse, same]);

  expect(renderComparisonMarkdown(worse)).not.toContain('<script>');
  expect(html).not.toMatch(/https?:|<script|<link|@import|url\(/u);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html.match(/<article>/gu)).toHaveLength(2);
});
