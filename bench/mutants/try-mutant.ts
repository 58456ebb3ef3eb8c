import { AREAS, SMOKE } from './areas.ts';
import { type Answer, askHarness } from './ask-harness.ts';
import type { Generation, Mutant } from './mutant.ts';
import type { Kill, MutantResult } from './result.ts';

export interface Bench {
  readonly firmware: string;
  readonly out: string;
}

/** Whom to ask: the scenarios of the mutant's area, or all others. */
export type Stage = Kill['by'];

const MODULES: Readonly<Record<Stage, number>> = { area: 2, suite: 3 };

/** Asks on each SDK generation for which the mutant's code differs, in the scenario files that come to it: one that fails is enough. */
export async function tryMutant(
  mutant: Mutant,
  { stages, files }: { readonly stages: readonly Stage[]; readonly files: ReadonlyMap<Generation, readonly string[]> },
  bench: Bench,
): Promise<MutantResult> {
  const area = new Set([...SMOKE, ...(AREAS[mutant.file] ?? [])]);
  const doubts: string[] = [];
  for (const by of stages) {
    for (const [sdk, reaching] of files) {
      const asked = reaching.filter((name) => area.has(name) === (by === 'area'));
      if (asked.length === 0) continue;
      const answer = await askHarness({ ...bench, sdk, files: asked, modules: MODULES[by] });
      const verdict = verdictOf(answer, by);
      if (verdict !== undefined) return { ...told(mutant), ...verdict };
      if (answer.says === 'nothing') doubts.push(`${sdk}, ${by}: ${answer.why}`);
    }
  }
  if (!stages.includes('suite')) return { ...told(mutant), verdict: 'pending', asked: 'area' };
  if (doubts.length > 0) return { ...told(mutant), verdict: 'undecided', why: doubts.join('; ') };
  return { ...told(mutant), verdict: 'survived' };
}

function verdictOf(answer: Answer, by: Stage): Pick<MutantResult, 'verdict' | 'kill'> | undefined {
  if (answer.says === 'failed') return { verdict: 'killed', kill: { ...answer.kill, by } };
  return answer.says === 'unstarted' ? { verdict: 'unstarted' } : undefined;
}

/** The part of a mutant that its result repeats. */
export function told({
  id,
  kind,
  file,
  line,
  before,
  after,
}: Mutant): Omit<MutantResult, 'verdict' | 'kill' | 'asked' | 'why'> {
  return { id, kind, file, line, before, after };
}
