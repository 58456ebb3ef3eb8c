import type { ClauseState } from '../../chapters.ts';
import type { OutcomeName } from '../../../run/outcome.ts';

type Tone = OutcomeName | ClauseState | 'deviation' | 'not-run';

/** A sign beside each colour: nothing is told by colour alone. */
const SIGNS: Readonly<Record<Tone, string>> = {
  pass: '✓',
  fail: '✗',
  inconclusive: '?',
  'known-failure': '≈',
  skipped: '–',
  'not-run': '·',
  violated: '✗',
  deviating: '△',
  deviation: '△',
  held: '✓',
  observed: '○',
  never: '–',
};

const WORDS: Readonly<Record<Tone, string>> = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'inconclusive',
  'known-failure': 'known failure',
  skipped: 'skipped',
  'not-run': 'not run',
  violated: 'violated',
  deviating: 'deviates',
  deviation: 'deviation',
  held: 'held',
  observed: 'observed',
  never: 'never exercised',
};

export function wordOf(tone: Tone): string {
  return WORDS[tone];
}

export function Badge({ tone }: { readonly tone: Tone }) {
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{SIGNS[tone]}</span> {WORDS[tone]}
    </span>
  );
}

/** The sign alone, with its word for who can't see it. */
export function Sign({ tone }: { readonly tone: Tone }) {
  return (
    <span class={`sign ${tone}`} role="img" aria-label={WORDS[tone]} title={WORDS[tone]}>
      {SIGNS[tone]}
    </span>
  );
}
