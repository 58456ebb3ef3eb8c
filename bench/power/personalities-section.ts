import type { Difference, Hypothesis, Prediction } from '../personalities/prediction.ts';

/** The chapter of docs/power.md: what was predicted, by hypothesis, and what came otherwise. */
export function personalitiesSection(predictions: readonly Prediction[]): string {
  return predictions
    .flatMap(({ personality, hypotheses, differences }) => [
      `### ${personality}`,
      '',
      '| | what it does | what the suite was to find | what came otherwise |',
      '|---|---|---|---|',
      ...hypotheses.map((hypothesis) => row(hypothesis, differences)),
      '',
    ])
    .join('\n');
}

function row({ id, says, predicts }: Hypothesis, differences: readonly Difference[]): string {
  const predicted = predicts.map(({ rule, clause }) => `${rule} ${clause}`).join(', ');
  const otherwise = differences
    .filter(({ from }) => from === id)
    .map((one) => `${one.is === 'extra' ? '+' : '−'} ${one.rule} ${one.clause}: ${one.why}`);
  return `| ${id} | ${says} | ${predicted === '' ? 'nothing' : predicted} | ${otherwise.join('; ')} |`;
}
