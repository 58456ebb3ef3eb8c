import type { Weakness } from '../../weigh-evidence.ts';
import { ScenarioLink } from '../parts/links.tsx';

const WORDS: Readonly<Record<Weakness['kind'], string>> = {
  harness: 'Harness',
  healed: 'Known failures',
  rig: 'Rig',
  'not-run': 'Not run',
  unfired: 'Faults',
  noise: 'Noise',
  evidence: 'Timelines',
  never: 'Coverage',
};
const SCENARIOS_SHOWN = 20;

/** Why the verdict deserves less trust than it sounds. */
export function Banners({ weaknesses }: { readonly weaknesses: readonly Weakness[] }) {
  if (weaknesses.length === 0) return null;
  return (
    <section class="banners" aria-label="Where the evidence is weak">
      {weaknesses.map((weakness) => (
        <Banner key={weakness.headline} weakness={weakness} />
      ))}
    </section>
  );
}

function Banner({ weakness: { kind, headline, lines, scenarios } }: { readonly weakness: Weakness }) {
  const left = scenarios.length - SCENARIOS_SHOWN;
  return (
    <details class={`banner ${kind}`}>
      <summary>
        <span class="tag">{WORDS[kind]}</span> {headline}
      </summary>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
        {scenarios.slice(0, SCENARIOS_SHOWN).map((scenario) => (
          <li key={scenario}>
            <ScenarioLink scenario={scenario} />
          </li>
        ))}
        {left > 0 ? <li>and {left} more</li> : null}
      </ul>
    </details>
  );
}
