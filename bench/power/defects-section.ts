import type { MutateResult } from '../../harness/mutate/mutate-result.ts';
import type { TriedDefect } from '../../harness/mutate/tried-defect.ts';

export type DefectsReport = Pick<MutateResult, 'defects' | 'falseAlarms' | 'controlled'>;

/** Results of several parts of the catalogue as one; where a defect was tried more than once, the last time counts. */
export function mergeReports(reports: readonly DefectsReport[]): DefectsReport {
  const byName = new Map(reports.flatMap(({ defects }) => defects).map((defect) => [defect.name, defect]));
  return {
    defects: [...byName.values()],
    falseAlarms: reports.flatMap(({ falseAlarms }) => falseAlarms),
    controlled: reports.reduce((sum, { controlled }) => sum + controlled, 0),
  };
}

/** One sentence for the README. */
export function defectsSentence({ defects, falseAlarms, controlled }: DefectsReport): string {
  const { killed, rightly } = count(defects);
  return (
    `Of ${defects.length} defects that the virtual module can be given, the scenarios notice ${killed}, ` +
    `${rightly} by the clause that the defect breaks, with ${falseAlarms.length} false alarms ` +
    `in ${controlled} scenarios without one ([docs/power.md](docs/power.md)).`
  );
}

/** The chapter of docs/power.md. */
export function defectsSection({ defects, falseAlarms, controlled }: DefectsReport): string {
  const { killed, rightly, deviations } = count(defects);
  return [
    `**${killed} of ${defects.length} killed**, ${rightly} by the clause that they break; ${deviations} of them as deviations ` +
      `from inferred clauses, which fail a run with \`--strict\` only. ${falseAlarms.length} false alarms in ${controlled} ` +
      'scenarios on a module without a defect.',
    '',
    '| family | defect | what is wrong | clause | noticed by | in |',
    '|---|---|---|---|---|---|',
    ...defects.map(row),
  ].join('\n');
}

function count(defects: readonly TriedDefect[]) {
  const kills = defects.flatMap(({ killedBy }) => killedBy ?? []);
  return {
    killed: kills.length,
    rightly: kills.filter(({ isItsClause }) => isItsClause).length,
    deviations: kills.filter(({ kind }) => kind === 'inferred').length,
  };
}

function row({ family, name, gloss, clause, killedBy }: TriedDefect): string {
  const cells = [family, `\`${name}\``, gloss, clause, ...noticed(killedBy)];
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

function noticed(kill: TriedDefect['killedBy']): readonly string[] {
  if (kill === null) return ['**nothing**', ''];
  const { rule, clause, kind, isItsClause, scenario } = kill;
  const remarks = [...(isItsClause ? [] : [clause]), ...(kind === 'inferred' ? ['deviation'] : [])];
  return [`${rule}${remarks.length === 0 ? '' : ` (${remarks.join(', ')})`}`, scenario];
}
