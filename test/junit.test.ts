import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { renderJunit } from '../harness/report/render-junit.ts';
import type { RunRecord } from '../harness/report/run-record.ts';
import { sampleFinding, sampleOutcome, sampleRun } from '../harness/report/sample-run.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const SCHEMA = join(import.meta.dirname, 'support', 'junit.xsd');
const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

/** What xmllint has against files of that content; empty if nothing. */
function complaints(contents: readonly string[]): string {
  const paths = contents.map((content, index) => {
    const path = join(folder.path, `${index}.xml`);
    writeFileSync(path, content);
    return path;
  });
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', SCHEMA, ...paths], { encoding: 'utf8' });
  return status === 0 ? '' : stderr.replaceAll(/^.* validates\n/gmu, '');
}

/** A run in which everything happened that JUnit has a word for. */
function eventful(text: string): RunRecord {
  const finding = sampleFinding({ message: text });
  return sampleRun(
    [
      sampleOutcome({ scenario: 'a/passes', title: text, findings: [{ ...finding, kind: 'inferred' }] }),
      sampleOutcome({ scenario: 'a/fails', outcome: 'fail', findings: [finding, finding] }),
      sampleOutcome({ scenario: 'a/unclear', outcome: 'inconclusive', why: text }),
      sampleOutcome({ scenario: 'a/left-out', outcome: 'skipped', missing: text }),
      sampleOutcome({ scenario: text, outcome: 'known-failure', why: text }),
    ],
    { notRun: [{ scenario: text, why: text }], problems: [{ where: text, message: text }] },
  );
}

/** As it comes from a serial line: any UTF-16, controls, lone surrogates and what looks like markup included. */
const garbage = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    fc.constantFrom('\u0000', '\u001b', ']]>', '<![CDATA[', '&#0;', '<?x?>', '\ud800', '\ufffe', '\r', '"'),
  ),
});

test('JUnit is valid against its schema, whatever garbage came over a serial line', () => {
  const texts = ['a text', '\u0000\u001b[31m\ud800]]><!-- \ufffe', ...fc.sample(garbage, 60)];

  expect(complaints(texts.map((text) => renderJunit(eventful(text))))).toBe('');
});

test('a case with two results is not', () => {
  const broken = renderJunit(eventful('a text')).replace('<failure ', '<skipped message="x"/><failure ');

  expect(complaints([broken])).toContain("Element 'failure'");
});
