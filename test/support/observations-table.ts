import { describeValues } from '../../harness/report/describe-change.ts';
import { listObservations } from '../../harness/run/list-observations.ts';
import { readShippedBaselines } from '../../harness/run/read-baselines.ts';

/** The table of docs/observations.md: every value that the shipped baselines hold, and what the virtual modules answer. */
export function observationsTable(): string {
  const baselines = readShippedBaselines();
  const skus = baselines.map(({ baseline }) => baseline.sku);
  const rows = listObservations(baselines).map(({ clause, name, skus: known }) => {
    const answers = skus.map((sku) => describeValues(known.find((one) => one.sku === sku)?.values ?? []));
    const [first = ''] = answers;
    const cells = answers.every((answer) => answer === first) ? [first, ...skus.slice(1).map(() => '″')] : answers;
    return `| ${clause} | ${name} | ${cells.join(' | ')} |`;
  });
  return [
    `| clause | what is observed | ${skus.join(' | ')} |`,
    `|---|---|${skus.map(() => '---|').join('')}`,
    ...rows,
  ].join('\n');
}

/** The document around it. */
export const TABLE_BEGINS = '<!-- written by npm run observations -->\n';
